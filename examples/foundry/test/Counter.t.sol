// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

import {Counter} from "../src/Counter.sol";

/// Runs in forge's own EVM: unit tests and fuzzing of a contract alone are fast there.
contract CounterTest {
    bool public constant IS_TEST = true;
    Counter private counter;

    function setUp() external {
        counter = new Counter();
    }

    function testFuzz_increment(uint8 amount) external {
        uint256 wanted = amount % (counter.MOST() + 1);
        assert(counter.increment(wanted) == wanted);
        assert(counter.count() == wanted);
    }
}
