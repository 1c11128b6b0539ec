import { actionReasons, drillReasons, holdReasons } from '../../src/core/reasons.ts';

const HEADER = `<!-- Generated from src/core/reasons.ts by scripts/generate.ts: do not edit, run \`npm run generate\`. -->

# Reasons

Every action and every hold of a plan has a reason code. \`plan\`, \`status\` and the summaries of runs show it, and scripts
can rely on it. The message beside it has the values.
`;

/** docs/reasons.md: every reason, what it means, and what to do. */
export const reasonsPage = (): string =>
  [
    HEADER,
    section('Actions', 'Why Turntable plans an action.', actionReasons),
    section('Holds', 'Why Turntable holds something that it would otherwise do.', holdReasons),
    section('Restore drills', 'How a [restore drill](recipes/restore-drills.md) ended.', drillReasons),
  ].join('\n');

function section(
  title: string,
  introduction: string,
  reasons: Readonly<Record<string, { readonly meaning: string; readonly todo: string }>>,
): string {
  const rows = Object.entries(reasons).map(
    ([code, { meaning, todo }]) => `| \`${code}\` | ${meaning} | ${todo} |`,
  );
  return `## ${title}

${introduction}

| reason | what it means | what to do |
|---|---|---|
${rows.join('\n')}
`;
}
