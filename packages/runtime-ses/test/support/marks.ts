import { CODE_HEADER } from '@troupe/runtime-ses'

/** Leaves marks in memory of what differs from engine to engine, where anything does. */
export const MARKING_CODE: string = `${CODE_HEADER}(() => {
  const marks = [];
  for (let i = 1; i < 40; i++) marks.push(Math.sinh(i / 7), Math.cosh(i / 7), Math.exp(i / 9), Math.cbrt(i));
  const numbers = Array.from({ length: 300 }, (_, i) => (i * 7919) % 2003);
  marks.push(numbers.sort((a, b) => a - b).join(), (7n ** 300n).toString(), 'aXb'.repeat(50).replace(/([ab])X?/g, '$1$1'));
  let depth = 0;
  const down = () => { depth++; down() };
  try { down() } catch (error) { marks.push(error.name, depth) }
  return { marks, 2() {} };
})()`

/** What every host makes of the small SDK, and of that code. Golden: whoever changes the engine, its limits, how it boots or the small SDK changes these. */
export const MARKS = {
  first: 'bafy2bzacebglz5mhznvy4vw64emkekvtoyeufj4yn4zqkxsee66jcwid6qv6e',
  code: 'bafy2bzacebzc4iettvcv4jqdtxcmfd4vfewcgndyd4bgzxw7xmhvojp4sm3ts',
  gas: 57_589_118_000n,
}
