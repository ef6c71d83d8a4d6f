// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

import {Counter} from "../src/Counter.sol";

/// The cheat codes of forge that are used here.
interface Vm {
    function startBroadcast() external;
    function stopBroadcast() external;
}

/// Deploys a counter, and counts once.
contract Deploy {
    bool public constant IS_SCRIPT = true;
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function run() external returns (Counter counter) {
        vm.startBroadcast();
        counter = new Counter();
        counter.increment(1);
        vm.stopBroadcast();
    }
}
