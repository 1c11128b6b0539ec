import fc from 'fast-check';

/** Uses the same cases in every run, so that a failure comes from a change. FC_SEED explores others. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FC_SEED ?? 20_261_121) });
