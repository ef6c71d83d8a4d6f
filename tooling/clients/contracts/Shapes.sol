// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// What answers about transactions differ in: storage, logs, calls of each kind, reverts of each kind, a contract that creates another.
contract Shapes {
    error Unauthorized(address caller, uint256 code);
    event Stored(address indexed who, uint256 value, string note);
    event Anonymous() anonymous;

    uint256 public value;
    mapping(address => uint256) public balances;
    Child public child;

    constructor(uint256 initial) payable {
        require(initial != 13, "unlucky");
        value = initial;
    }

    function store(uint256 next, string calldata note) external payable returns (uint256 old) {
        old = value;
        value = next;
        balances[msg.sender] += msg.value;
        emit Stored(msg.sender, next, note);
    }

    /// A creation, a call with value, a static call, a delegate call, and a call that reverts and is caught.
    function all() external payable {
        child = new Child{value: msg.value}(value);
        child.poke{value: 0}();
        child.seed();
        (bool ok, ) = address(child).delegatecall(abi.encodeCall(Child.poke, ()));
        try child.fails() {} catch { ok = false; }
        emit Stored(msg.sender, ok ? 1 : 0, "all");
    }

    function reason() external pure { revert("no"); }
    function custom() external view { revert Unauthorized(msg.sender, 7); }
    function panics(uint256 d) external pure returns (uint256) { return 1 / d; }
    function empty() external pure { assembly { revert(0, 0) } }
    function invalid() external pure { assembly { invalid() } }
    function forever() external { while (true) value++; }
    function fallsThrough() external { child.fails(); }
    receive() external payable { emit Stored(msg.sender, msg.value, "received"); }
}

contract Child {
    event Poked(uint256 count);
    uint256 public seed;
    constructor(uint256 initial) payable { seed = initial; }
    function poke() external payable { emit Poked(++seed); }
    function fails() external pure { revert("child"); }
}
