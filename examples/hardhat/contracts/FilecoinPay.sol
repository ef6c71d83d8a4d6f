// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// Pays actors that are no contracts, by Filecoin's precompiles: there is nothing to be mocked.
contract FilecoinPay {
    address private constant RESOLVE_ADDRESS = 0xFE00000000000000000000000000000000000001;
    address private constant CALL_ACTOR_ID = 0xfe00000000000000000000000000000000000005;

    error NoSuchActor(bytes filecoinAddress);
    error CallFailed(int256 exitCode);

    /// The id of an actor, by any of its addresses in bytes.
    function idOf(bytes memory filecoinAddress) public view returns (uint64) {
        (bool success, bytes memory id) = RESOLVE_ADDRESS.staticcall(filecoinAddress);
        if (!success || id.length != 32) revert NoSuchActor(filecoinAddress);
        return uint64(abi.decode(id, (uint256)));
    }

    /// Sends what came with the call to an actor: an account, a multisig, a miner.
    function pay(bytes calldata filecoinAddress) external payable {
        bytes memory empty;
        (bool success, bytes memory result) = CALL_ACTOR_ID.delegatecall(
            abi.encode(uint64(0), msg.value, uint64(0), uint64(0), empty, idOf(filecoinAddress))
        );
        if (!success) revert CallFailed(-1);
        (int256 exitCode, , ) = abi.decode(result, (int256, uint64, bytes));
        if (exitCode != 0) revert CallFailed(exitCode);
    }
}
