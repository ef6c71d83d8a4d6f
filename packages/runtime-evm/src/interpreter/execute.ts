import * as arithmetic from './arithmetic.ts'
import * as bitwise from './bitwise.ts'
import type { Frame, HaltKind, Result } from './frame.ts'
import { copyMemory, touchMemory } from './memory-access.ts'
import { OPERATIONS } from './operations.ts'
import type { Operation, Rules } from './rules.ts'
import { LARGEST_SMALL, type Word } from './word.ts'
import { readPaddedWord, readWord, writeWord } from './word-bytes.ts'

const NO_OUTPUT = new Uint8Array(0)

/**
 * Runs a frame to its end.
 *
 * One loop, so that the place in the code, the height of the stack and the count of gas are locals. What is done often with small numbers stands in it;
 * everything else is a call of a function with the same name. What fails after its gas was taken leaves the count without it.
 */
export function execute(rules: Rules, frame: Frame, stack: Word[]): Result {
  const { least, most, growth, base, listener } = rules
  const { arithmeticCost, dynamic } = rules.schedule
  const isObserved = listener !== undefined || dynamic !== undefined
  const { gas: counter, memory } = frame
  const { padded: code, isJumpDestination, constantAt, constants } = frame.code.analysis
  const { length: codeLength } = frame.code.bytes
  let gas = counter.left
  let pc = 0
  let height = 0
  let inputView: DataView | undefined
  frame.stack = stack

  for (;;) {
    const opcode = code[pc] as number
    if (isObserved) {
      frame.pc = pc
      frame.height = height
      counter.left = gas
      listener?.(frame, opcode)
    }
    if (height < (least[opcode] as number) || height > (most[opcode] as number)) {
      return end(frame, gas, stackFailure(rules, opcode, height))
    }
    if (dynamic !== undefined) {
      gas -= dynamic[opcode]?.(frame) ?? 0
      if (gas < 0) return end(frame, gas, 'out-of-gas')
    }
    gas -= base[opcode] as number
    if (gas < 0) return end(frame, gas, 'out-of-gas')

    switch (opcode) {
      case 0x00:
        return end(frame, gas, 'stop')
      case 0x01: {
        const a = stack[--height] as Word
        const b = stack[height - 1] as Word
        if (typeof a === 'number' && typeof b === 'number') {
          const sum = a + b
          if (sum <= LARGEST_SMALL && sum >= -LARGEST_SMALL) {
            stack[height - 1] = sum
            break
          }
        }
        stack[height - 1] = arithmetic.addWords(a, b)
        break
      }
      case 0x02: {
        const a = stack[--height] as Word
        const b = stack[height - 1] as Word
        if (typeof a === 'number' && typeof b === 'number') {
          const product = a * b
          if (product <= LARGEST_SMALL && product >= -LARGEST_SMALL) {
            // Adding 0 makes 0 of -0.
            stack[height - 1] = product + 0
            break
          }
        }
        stack[height - 1] = arithmetic.multiplyWords(a, b)
        break
      }
      case 0x03: {
        const a = stack[--height] as Word
        const b = stack[height - 1] as Word
        if (typeof a === 'number' && typeof b === 'number') {
          const difference = a - b
          if (difference <= LARGEST_SMALL && difference >= -LARGEST_SMALL) {
            stack[height - 1] = difference
            break
          }
        }
        stack[height - 1] = arithmetic.subtractWords(a, b)
        break
      }
      case 0x04: {
        const a = stack[--height] as Word
        if (arithmeticCost !== undefined && (typeof a === 'bigint' || a < 0)) {
          gas -= arithmeticCost(opcode, a, stack[height - 1] as Word)
          if (gas < 0) return end(frame, gas, 'out-of-gas')
        }
        stack[height - 1] = arithmetic.divideWords(a, stack[height - 1] as Word)
        break
      }
      case 0x05: {
        const a = stack[--height] as Word
        if (arithmeticCost !== undefined && (typeof a === 'bigint' || a < 0)) {
          gas -= arithmeticCost(opcode, a, stack[height - 1] as Word)
          if (gas < 0) return end(frame, gas, 'out-of-gas')
        }
        stack[height - 1] = arithmetic.divideSignedWords(a, stack[height - 1] as Word)
        break
      }
      case 0x06: {
        const a = stack[--height] as Word
        if (arithmeticCost !== undefined && (typeof a === 'bigint' || a < 0)) {
          gas -= arithmeticCost(opcode, a, stack[height - 1] as Word)
          if (gas < 0) return end(frame, gas, 'out-of-gas')
        }
        stack[height - 1] = arithmetic.moduloWords(a, stack[height - 1] as Word)
        break
      }
      case 0x07: {
        const a = stack[--height] as Word
        if (arithmeticCost !== undefined && (typeof a === 'bigint' || a < 0)) {
          gas -= arithmeticCost(opcode, a, stack[height - 1] as Word)
          if (gas < 0) return end(frame, gas, 'out-of-gas')
        }
        stack[height - 1] = arithmetic.moduloSignedWords(a, stack[height - 1] as Word)
        break
      }
      case 0x08: {
        height -= 2
        stack[height - 1] = arithmetic.addModulo(
          stack[height + 1] as Word,
          stack[height] as Word,
          stack[height - 1] as Word,
        )
        break
      }
      case 0x09: {
        height -= 2
        stack[height - 1] = arithmetic.multiplyModulo(
          stack[height + 1] as Word,
          stack[height] as Word,
          stack[height - 1] as Word,
        )
        break
      }
      case 0x0a: {
        const exponent = stack[height - 2] as Word
        gas -= rules.schedule.expByte * arithmetic.byteLength(exponent)
        if (arithmeticCost !== undefined) gas -= arithmeticCost(opcode, stack[height - 1] as Word, exponent)
        if (gas < 0) return end(frame, gas, 'out-of-gas')
        height--
        stack[height - 1] = arithmetic.exponentiate(stack[height] as Word, exponent)
        break
      }
      case 0x0b: {
        const place = stack[--height] as Word
        stack[height - 1] = arithmetic.extendSign(place, stack[height - 1] as Word)
        break
      }
      case 0x10: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.isBelow(a, stack[height - 1] as Word) ? 1 : 0
        break
      }
      case 0x11: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.isBelow(stack[height - 1] as Word, a) ? 1 : 0
        break
      }
      case 0x12: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.isSignedBelow(a, stack[height - 1] as Word) ? 1 : 0
        break
      }
      case 0x13: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.isSignedBelow(stack[height - 1] as Word, a) ? 1 : 0
        break
      }
      case 0x14: {
        const a = stack[--height] as Word
        stack[height - 1] = a === stack[height - 1] ? 1 : 0
        break
      }
      case 0x15:
        stack[height - 1] = stack[height - 1] === 0 ? 1 : 0
        break
      case 0x16: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.andWords(a, stack[height - 1] as Word)
        break
      }
      case 0x17: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.orWords(a, stack[height - 1] as Word)
        break
      }
      case 0x18: {
        const a = stack[--height] as Word
        stack[height - 1] = bitwise.xorWords(a, stack[height - 1] as Word)
        break
      }
      case 0x19:
        stack[height - 1] = bitwise.invertWord(stack[height - 1] as Word)
        break
      case 0x1a: {
        const place = stack[--height] as Word
        stack[height - 1] = bitwise.byteOf(place, stack[height - 1] as Word)
        break
      }
      case 0x1b: {
        const bits = stack[--height] as Word
        stack[height - 1] = bitwise.shiftLeft(bits, stack[height - 1] as Word)
        break
      }
      case 0x1c: {
        const bits = stack[--height] as Word
        stack[height - 1] = bitwise.shiftRight(bits, stack[height - 1] as Word)
        break
      }
      case 0x1d: {
        const bits = stack[--height] as Word
        stack[height - 1] = bitwise.shiftRightSigned(bits, stack[height - 1] as Word)
        break
      }
      case 0x1e:
        stack[height - 1] = bitwise.leadingZeros(stack[height - 1] as Word)
        break
      case 0x34:
        stack[height++] = frame.valueWord
        break
      case 0x35: {
        const offset = stack[height - 1] as Word
        const { input } = frame
        if (typeof offset === 'number' && offset >= 0 && offset + 32 <= input.length) {
          inputView ??= new DataView(input.buffer, input.byteOffset, input.byteLength)
          stack[height - 1] = readWord(inputView, offset)
        } else {
          stack[height - 1] = readPaddedWord(input, offset)
        }
        break
      }
      case 0x36:
        stack[height++] = frame.input.length
        break
      case 0x38:
        stack[height++] = codeLength
        break
      case 0x3d:
        stack[height++] = frame.returnData.length
        break
      case 0x50:
        height--
        break
      case 0x51: {
        const offset = stack[height - 1] as Word
        if (typeof offset !== 'number' || offset < 0 || offset + 32 > memory.length) {
          counter.left = gas
          const halt = touchMemory(rules, frame, offset, 32)
          if (halt !== undefined) return end(frame, gas, halt)
          gas = counter.left
        }
        stack[height - 1] = readWord(memory.view, offset as number)
        break
      }
      case 0x52: {
        const offset = stack[height - 1] as Word
        if (typeof offset !== 'number' || offset < 0 || offset + 32 > memory.length) {
          counter.left = gas
          const halt = touchMemory(rules, frame, offset, 32)
          if (halt !== undefined) return end(frame, gas, halt)
          gas = counter.left
        }
        height -= 2
        writeWord(memory.view, offset as number, stack[height] as Word)
        break
      }
      case 0x53: {
        const offset = stack[height - 1] as Word
        counter.left = gas
        const halt = touchMemory(rules, frame, offset, 1)
        if (halt !== undefined) return end(frame, gas, halt)
        gas = counter.left
        height -= 2
        memory.bytes[offset as number] = bitwise.byteOf(31, stack[height] as Word)
        break
      }
      case 0x56: {
        const target = stack[--height] as Word
        if (!isDestination(isJumpDestination, target)) return end(frame, gas, 'bad-jump')
        pc = target
        continue
      }
      case 0x57: {
        height -= 2
        if (stack[height] === 0) break
        const target = stack[height + 1] as Word
        if (!isDestination(isJumpDestination, target)) return end(frame, gas, 'bad-jump')
        pc = target
        continue
      }
      case 0x58:
        stack[height++] = pc
        break
      case 0x59:
        stack[height++] = memory.length
        break
      case 0x5b:
        break
      case 0x5f:
        stack[height++] = 0
        break
      case 0x60:
        stack[height++] = code[pc + 1] as number
        pc += 1
        break
      case 0x61:
        stack[height++] = ((code[pc + 1] as number) << 8) | (code[pc + 2] as number)
        pc += 2
        break
      case 0x62:
        stack[height++] =
          ((code[pc + 1] as number) << 16) | ((code[pc + 2] as number) << 8) | (code[pc + 3] as number)
        pc += 3
        break
      case 0x63:
      case 0x64:
      case 0x65:
      case 0x66:
      case 0x67:
      case 0x68:
      case 0x69:
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case 0x6d:
      case 0x6e:
      case 0x6f:
      case 0x70:
      case 0x71:
      case 0x72:
      case 0x73:
      case 0x74:
      case 0x75:
      case 0x76:
      case 0x77:
      case 0x78:
      case 0x79:
      case 0x7a:
      case 0x7b:
      case 0x7c:
      case 0x7d:
      case 0x7e:
      case 0x7f:
        stack[height++] = constants[constantAt[pc] as number] as Word
        pc += opcode - 0x5f
        break
      case 0x80:
      case 0x81:
      case 0x82:
      case 0x83:
      case 0x84:
      case 0x85:
      case 0x86:
      case 0x87:
      case 0x88:
      case 0x89:
      case 0x8a:
      case 0x8b:
      case 0x8c:
      case 0x8d:
      case 0x8e:
      case 0x8f:
        stack[height] = stack[height + 0x7f - opcode] as Word
        height++
        break
      case 0x90:
      case 0x91:
      case 0x92:
      case 0x93:
      case 0x94:
      case 0x95:
      case 0x96:
      case 0x97:
      case 0x98:
      case 0x99:
      case 0x9a:
      case 0x9b:
      case 0x9c:
      case 0x9d:
      case 0x9e:
      case 0x9f: {
        const place = height + 0x8e - opcode
        const top = stack[height - 1] as Word
        stack[height - 1] = stack[place] as Word
        stack[place] = top
        break
      }
      case 0xf3:
      case 0xfd: {
        const offset = stack[height - 1] as Word
        const size = stack[height - 2] as Word
        counter.left = gas
        const halt = touchMemory(rules, frame, offset, size)
        if (halt !== undefined) return end(frame, gas, halt)
        const output = copyMemory(frame, offset, size)
        return { halt: opcode === 0xf3 ? 'return' : 'revert', output }
      }
      case 0xfe:
        return end(frame, gas, 'invalid')
      default: {
        counter.left = gas
        const halt = (OPERATIONS[opcode] as Operation)(rules, frame, stack, height)
        gas = counter.left
        if (halt !== undefined) return { halt, output: NO_OUTPUT }
        if (gas < 0) return end(frame, gas, 'out-of-gas')
        height += growth[opcode] as number
      }
    }
    pc++
  }
}

function isDestination(isJumpDestination: Uint8Array, target: Word): target is number {
  return (
    typeof target === 'number' &&
    target >= 0 &&
    target < isJumpDestination.length &&
    isJumpDestination[target] === 1
  )
}

function end(frame: Frame, gas: number, halt: HaltKind): Result {
  frame.gas.left = Math.max(0, gas)
  return { halt, output: NO_OUTPUT }
}

/** Why the height of the stack does not suit an opcode. */
function stackFailure(rules: Rules, opcode: number, height: number): HaltKind {
  if (rules.instructions.instructions[opcode] === undefined) return 'undefined-opcode'
  return height < (rules.least[opcode] as number) ? 'stack-underflow' : 'stack-overflow'
}
