/** Makes the output the same on a terminal, in a build and in a pipe. A test of colors enables them itself. */
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;
