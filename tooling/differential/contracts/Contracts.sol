// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {TransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

contract Token is ERC20, ERC20Permit, ERC20Votes {
    constructor() ERC20("Token", "TOK") ERC20Permit("Token") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}

contract Collectible is ERC721 {
    constructor() ERC721("Collectible", "COL") {}

    function mint(address to, uint256 id) external {
        _safeMint(to, id);
    }
}

contract Items is ERC1155 {
    constructor() ERC1155("ipfs://items/{id}") {}

    function mint(address to, uint256[] calldata ids, uint256[] calldata amounts) external {
        _mintBatch(to, ids, amounts, "");
    }
}

contract Holder is ERC721Holder, ERC1155Holder {}

contract Parliament is Governor, GovernorCountingSimple, GovernorVotes, GovernorVotesQuorumFraction {
    constructor(IVotes token) Governor("Parliament") GovernorVotes(token) GovernorVotesQuorumFraction(4) {}

    function votingDelay() public pure override returns (uint256) {
        return 1;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 40;
    }
}

/// What the senate decides waits here for five minutes, ten epochs, and then anybody may have it done.
contract Archive is TimelockController {
    constructor(address admin) TimelockController(300, new address[](0), everybody(), admin) {}

    function everybody() private pure returns (address[] memory executors) {
        executors = new address[](1);
    }

    function appoint(address senate) external {
        grantRole(PROPOSER_ROLE, senate);
        grantRole(CANCELLER_ROLE, senate);
    }
}

/// Queues what it decides.
contract Senate is
    Governor,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    constructor(IVotes token, TimelockController archive)
        Governor("Senate")
        GovernorVotes(token)
        GovernorVotesQuorumFraction(4)
        GovernorTimelockControl(archive)
    {}

    function votingDelay() public pure override returns (uint256) {
        return 2;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 30;
    }

    function state(uint256 id) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(id);
    }

    function proposalNeedsQueuing(uint256 id)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(id);
    }

    function _queueOperations(
        uint256 id,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 hash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(id, targets, values, calldatas, hash);
    }

    function _executeOperations(
        uint256 id,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 hash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(id, targets, values, calldatas, hash);
    }

    function _cancel(address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 hash)
        internal
        override(Governor, GovernorTimelockControl)
        returns (uint256)
    {
        return super._cancel(targets, values, calldatas, hash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}

/// What stands behind proxies: a box that keeps numbers, pays out, and calls itself.
contract Box is ReentrancyGuardTransient {
    mapping(uint256 => uint256) private words;
    string public name;
    uint256[] public list;

    event Kept(uint256 indexed key, uint256 word, bytes data);

    function keep(uint256 key, uint256 word) external payable nonReentrant {
        words[key] = word;
        list.push(word);
        emit Kept(key, word, msg.data);
    }

    function rename(string calldata to) external {
        name = to;
    }

    function pop() external {
        list.pop();
    }

    function get(uint256 key) external view returns (uint256) {
        return words[key];
    }

    function pay(address payable to, uint256 amount) external nonReentrant {
        (bool ok, bytes memory data) = to.call{value: amount}("");
        require(ok, string(data));
    }

    /// Enters itself again, which the guard refuses, and catches that.
    function enter(uint256 key) external nonReentrant {
        try this.keep(key, 1) {
            words[key] = 2;
        } catch (bytes memory reason) {
            words[key] = reason.length;
        }
    }

    function sum(uint256 count) external {
        uint256 total = 0;
        for (uint256 i = 0; i < count; i++) total += uint256(keccak256(abi.encode(i, total))) % 1000;
        words[0] = total;
    }

    receive() external payable {}
}

/// Makes proxies of all kinds, and clones.
contract Factory {
    address[] public made;
    UpgradeableBeacon public immutable beacon;
    address public immutable box;

    constructor(address implementation) {
        box = implementation;
        beacon = new UpgradeableBeacon(implementation, address(this));
    }

    function count() external view returns (uint256) {
        return made.length;
    }

    function make(uint256 kind, bytes32 salt) external payable returns (address result) {
        if (kind == 0) result = address(new ERC1967Proxy{value: msg.value}(box, ""));
        else if (kind == 1) result = address(new TransparentUpgradeableProxy(box, address(this), ""));
        else if (kind == 2) result = address(new BeaconProxy(address(beacon), abi.encodeCall(Box.rename, ("beacon"))));
        else if (kind == 3) result = Clones.clone(box);
        else if (kind == 4) result = Clones.cloneDeterministic(box, salt);
        else result = address(new ERC1967Proxy{salt: salt}(box, ""));
        made.push(result);
    }

    function upgrade(address implementation) external {
        beacon.upgradeTo(implementation);
    }
}
