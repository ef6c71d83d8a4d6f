import type { CryptoProvider } from '@troupe/crypto'
import { subjectContract } from '@troupe/fixtures'
import { ExitCode, rulesOf } from '@troupe/hypervisor'
import { DAG_CBOR, decodeIpld, encodeIpld } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { argumentsOf, type RuntimeSubject, type SubjectCall, signedOutcome } from '@troupe/testkit/runtimes'

const CBOR = 0x51
/** FRC-42 of `InvokeEVM`, by which contracts are called. */
const INVOKE_CONTRACT = 3_844_450_837n
const REVERTED = 33
const WORD = 32
const CREATOR = new Uint8Array(20).fill(0xc0)

type AbiValue = bigint | boolean | Uint8Array

/** How the subject's functions are named, and what they take, as Solidity has it. */
const SIGNATURES: Readonly<Record<SubjectCall['do'], string>> = {
  announce: 'announce(uint256)',
  balance: 'balance()',
  caller: 'caller()',
  destroy: 'destroy()',
  echo: 'echo(bytes)',
  fail: 'fail(uint256,uint32)',
  get: 'get()',
  put: 'put(uint256)',
  relay: 'relay((uint256,uint64,uint64,bytes,uint256,uint256,bool,bool))',
  spin: 'spin()',
}

/** The runtime for contracts, with the gas of Filecoin or of Ethereum, for `runtimeCases`. */
export function evmSubject(crypto: CryptoProvider, gas: 'fvm' | 'ethereum'): RuntimeSubject {
  const runtime = evmRuntime({ gas })
  const initcode = fromHex(subjectContract().bytecode)
  const construct = (fails: boolean): Uint8Array =>
    encodeIpld([CREATOR, Uint8Array.from([...initcode, ...encodeAbi([fails])])])
  return {
    encode: (call) => {
      const selector = crypto.keccak256(new TextEncoder().encode(SIGNATURES[call.do])).subarray(0, 4)
      const input = Uint8Array.from([...selector, ...encodeAbi(argumentsOf(call), call.do === 'relay')])
      return { method: INVOKE_CONTRACT, params: encodeIpld(input) }
    },
    bytes: (returned) => bytesAt(outputOf(returned), 0),
    // Of an address, that is the id of an actor that has none of Ethereum's; the subject has one, which is made of its id.
    number: (returned) => numberOf(outputOf(returned)),
    outcome: (returned) => {
      const output = outputOf(returned)
      const exit = BigInt.asIntN(256, wordAt(output, 0))
      return { ...signedOutcome(exit), data: bytesAt(output, 1), kept: wordAt(output, 2) }
    },
    announced: (entries) => wordAt(entries.at(-1)?.value ?? new Uint8Array(), 0),
    rules: runtime.rulesOf(rulesOf(28)),
    createRuntime: () => evmRuntime({ gas }),
    code: runtime.builtinActors['evm'] ?? new Uint8Array(),
    codeCodec: DAG_CBOR,
    construct: construct(false),
    misconstruct: { params: construct(true), exitCode: REVERTED },
    conventions: {
      failure: () => REVERTED,
      unknownMethod: REVERTED,
      malformed: ExitCode.USR_SERIALIZATION,
      readOnlyPut: ExitCode.USR_READ_ONLY,
      readOnlyAnnounce: ExitCode.USR_READ_ONLY,
      readOnlyDestroy: ExitCode.USR_READ_ONLY,
      nothing: encodeIpld(new Uint8Array()),
      codec: CBOR,
      isMetered: true,
      keepsGasBack: true,
      fidelity: gas === 'fvm' ? 'calibrated' : 'simulated',
      destroyed: ExitCode.OK,
    },
    refused: undefined,
    unsupported: { rules: runtime.rulesOf(rulesOf(20)), code: 'native/unsupported-rules' },
  }
}

/** Values as Solidity has them. @param isStruct whether they are the fields of one argument, which is as long as it is */
function encodeAbi(values: readonly AbiValue[], isStruct = false): Uint8Array {
  const head: bigint[] = []
  const tail: number[] = []
  for (const value of values)
    if (value instanceof Uint8Array) {
      head.push(BigInt(values.length * WORD + tail.length))
      tail.push(...word(BigInt(value.length)), ...value)
      while (tail.length % WORD !== 0) tail.push(0)
    } else head.push(BigInt(value))
  const first = isStruct ? [BigInt(WORD)] : []
  return Uint8Array.from([...[...first, ...head].flatMap(word), ...tail])
}

function word(value: bigint): number[] {
  return [...fromHex(value.toString(16).padStart(2 * WORD, '0'))]
}

function outputOf(returned: Uint8Array): Uint8Array {
  return decodeIpld(returned) as Uint8Array
}

function wordAt(output: Uint8Array, index: number): bigint {
  const bytes = output.subarray(index * WORD, (index + 1) * WORD)
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

/** The bytes whose place is the word at `index`. */
function bytesAt(output: Uint8Array, index: number): Uint8Array {
  const at = Number(wordAt(output, index))
  const length = Number(wordAt(output.subarray(at), 0))
  return output.slice(at + WORD, at + WORD + length)
}

function numberOf(output: Uint8Array): bigint {
  const value = wordAt(output, 0)
  const isAddress = value >> 64n !== 0n
  return isAddress ? BigInt.asUintN(value >> 152n === 0xffn ? 64 : 8, value) : value
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/^0x/u, ''), 'hex'))
}
