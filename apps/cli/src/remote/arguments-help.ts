/** Arguments of a method on a command line, at most. */
export const MAX_ARGUMENTS = 100

/** How the help tells of ARG; `readParameters` reads it. */
export const ARGUMENTS_HELP = `Each ARG is one argument of the method, as JSON: 5, '"a text"', true, null, '[1, 2]', '{"a": 1}'. Whole
numbers may be of any size; negative ones come last, behind --. Besides, 0x00ff is bytes, t01000 (or t1…,
t410f…, @0x…) the bytes of an address, and bafy… a link; within JSON they are {"/": "0x00ff"}. Without any ARG
there are no parameters. --params has them as they are, where a method takes something else than a list.`
