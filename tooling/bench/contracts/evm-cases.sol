// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.0;

/// Words that fill up with what is multiplied.
contract Arithmetic {
  function run(uint256 n) external pure returns (uint256 x) {
    unchecked {
      x = 1;
      for (uint256 i = 0; i < n; i++) {
        x = x * 3 + i;
        x ^= i;
      }
    }
  }
}

/// Sums, which are full after 370 rounds.
contract Fibonacci {
  function run(uint256 n) external pure returns (uint256 a) {
    unchecked {
      uint256 b = 1;
      for (uint256 i = 0; i < n; i++) {
        uint256 c = a + b;
        a = b;
        b = c;
      }
    }
  }
}

/// Hashes of 64 bytes.
contract Hashing {
  function run(uint256 n) external pure returns (bytes32 h) {
    unchecked {
      for (uint256 i = 0; i < n; i++) h = keccak256(abi.encode(h, i));
    }
  }
}

/// Transfers of a token to 251 accounts: two slots by hash, and an event.
contract Token {
  event Transfer(address indexed from, address indexed to, uint256 value);

  mapping(address => uint256) public balanceOf;

  function mint(address to, uint256 amount) public {
    balanceOf[to] += amount;
    emit Transfer(address(0), to, amount);
  }

  function transfer(address to, uint256 amount) public returns (bool) {
    balanceOf[msg.sender] -= amount;
    balanceOf[to] += amount;
    emit Transfer(msg.sender, to, amount);
    return true;
  }

  function run(uint256 n) external {
    mint(msg.sender, n);
    for (uint256 i = 0; i < n; i++) transfer(address(uint160(0x1000 + (i % 251))), 1);
  }
}

/// A slot that is read and one that is written, of 16.
contract Storage {
  function run(uint256 n) external {
    unchecked {
      for (uint256 i = 0; i < n; i++) {
        assembly {
          sstore(and(i, 15), add(sload(and(i, 15)), i))
        }
      }
    }
  }
}

/// Calls of itself.
contract Calls {
  function ping(uint256 x) external pure returns (uint256) {
    return x + 1;
  }

  function run(uint256 n) external view returns (uint256 x) {
    for (uint256 i = 0; i < n; i++) x = this.ping(x);
  }
}
