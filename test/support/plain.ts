/** The same output on a terminal, in a build and in a pipe; a test of colours asks for them itself. */
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;
