// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// Counts, and says so.
contract Counter {
    error TooMuch(uint256 most);

    event Increment(address indexed by, uint256 amount);

    uint256 public constant MOST = 100;
    uint256 public count;

    function increment(uint256 amount) external returns (uint256) {
        if (amount > MOST) revert TooMuch(MOST);
        count += amount;
        emit Increment(msg.sender, amount);
        return count;
    }
}
