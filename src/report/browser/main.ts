/** The script of the report: draws the chart of a group when it is opened, and filters the groups. */
import { type ChartHandle, chartIn } from '../../chart/browser/chart.ts';
import type { ChartData } from '../../chart/series.ts';
import { unpacked } from '../../core/report/runs.ts';
import type { ChartRuns, GroupData, PageData } from '../page-data.ts';

const data: PageData = JSON.parse(document.getElementById('data')!.textContent!);

function chartOf({ name }: GroupData, chart: ChartRuns): ChartData {
  const values = (runs: ChartRuns['consumed']) => unpacked(runs, data.count);
  return {
    label: `${chart.name} of ${name}: capacity against consumption, with throttled requests. The tables below have the figures.`,
    start: data.start,
    stepSeconds: data.stepSeconds,
    area: { name: 'consumed', values: values(chart.consumed) },
    lines: [
      {
        name: 'capacity',
        color: '--capacity',
        shown: true,
        values: values(chart.capacity),
        throttled: values(chart.throttled),
        sayThrottled: (requests) => `${requests.toLocaleString('en-US')} requests`,
      },
    ],
  };
}

/** Draws into a figure, with a choice of charts if the group has several. */
function draw(figure: HTMLElement): void {
  const group = data.groups[Number(figure.dataset.group)]!;
  const frame = document.createElement('div');
  let drawn: ChartHandle | undefined;
  const show = (place: number): void => {
    drawn?.remove();
    drawn = chartIn(frame, chartOf(group, group.charts[place]!));
  };
  figure.append(choice(group, show), frame);
  show(group.first);
}

function choice({ name, charts, first }: GroupData, show: (place: number) => void): HTMLElement {
  const label = document.createElement('label');
  const select = document.createElement('select');
  for (const chart of charts) select.add(new Option(chart.name));
  select.selectedIndex = first;
  select.addEventListener('change', () => show(select.selectedIndex));
  label.append(`Chart of ${name}: `, select);
  return label;
}

/** Charts are drawn when they can be seen: a page can have hundreds. */
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      draw(target as HTMLElement);
    }
  },
  { rootMargin: '200px' },
);
for (const figure of document.querySelectorAll('figure.chart')) seen.observe(figure);

/** A link to a group opens it. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener('hashchange', openTarget);
openTarget();

const filter = document.getElementById('filter') as HTMLInputElement | null;
const groups = [...document.querySelectorAll<HTMLDetailsElement>('details.group')];
filter?.addEventListener('input', () => {
  const wanted = filter.value.trim().toLowerCase();
  for (const group of groups) group.hidden = !group.dataset.name!.toLowerCase().includes(wanted);
  const shown = groups.filter((group) => !group.hidden).length;
  document.getElementById('matches')!.textContent = `${shown} of ${groups.length} groups`;
});
