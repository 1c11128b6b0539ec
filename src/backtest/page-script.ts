/** The script of the page: draws runs of [length, value] on a canvas; wheel, drag and keys zoom and move. */
export const pageScript = `
const { start, minutes, demand, methods } = JSON.parse(document.getElementById('data').textContent);
const unpack = (runs) => {
  const values = new Float64Array(minutes);
  let t = 0;
  for (let i = 0; i < runs.length; i += 2) { values.fill(runs[i + 1], t, t + runs[i]); t += runs[i]; }
  return values;
};
const asked = unpack(demand);
const lines = methods.map(({ name, colour, shown, capacity, throttled }) =>
  ({ name, colour, shown, capacity: unpack(capacity), throttled: unpack(throttled) }));
const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
const readout = document.querySelector('output');
const left = 64, top = 12, laneHeight = 14, axisHeight = 22;
let from = 0, to = minutes, pointer;

const style = (name) => getComputedStyle(document.body).getPropertyValue(name);
const number = (value) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
const instant = (t, length = 16) => new Date(start + t * 60000).toISOString().slice(0, length).replace('T', ' ');
const most = (values, a, b) => { let peak = 0; for (let t = a; t < b; t++) if (values[t] > peak) peak = values[t]; return peak; };
const roundStep = (rough) => {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((step) => step * power >= rough);
};

function draw() {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const shown = lines.filter((line) => line.shown);
  const right = width - 8, plot = right - left;
  const foot = height - axisHeight - shown.length * laneHeight;
  const a = Math.floor(from), b = Math.min(minutes, Math.ceil(to));
  const highest = Math.max(1, most(asked, a, b), ...shown.map(({ capacity }) => most(capacity, a, b)));
  const y = (units) => foot - (units / (1.05 * highest)) * (foot - top);
  const x = (t) => left + ((t - from) / (to - from)) * plot;
  const column = (i) => {
    const first = Math.min(b - 1, Math.max(a, Math.floor(from + ((to - from) * i) / plot)));
    return [first, Math.min(b, Math.max(first + 1, Math.floor(from + ((to - from) * (i + 1)) / plot)))];
  };
  grid({ highest, y, x, right, foot, height });
  context.fillStyle = style('--demand');
  for (let i = 0; i < plot; i++) { const h = y(most(asked, ...column(i))); context.fillRect(left + i, h, 1, foot - h); }
  shown.forEach((line, row) => {
    context.strokeStyle = context.fillStyle = line.colour;
    context.lineWidth = 1.5;
    context.beginPath();
    const lane = foot + 4 + row * laneHeight;
    for (let i = 0; i < plot; i++) {
      const columns = column(i);
      context.lineTo(left + i, y(most(line.capacity, ...columns)));
      if (most(line.throttled, ...columns) > 0) context.fillRect(left + i, lane, 1.5, laneHeight - 4);
    }
    context.stroke();
    context.globalAlpha = 0.15;
    context.fillRect(left, lane, plot, laneHeight - 4);
    context.globalAlpha = 1;
  });
  if (pointer !== undefined) crosshair(x, foot, height);
  say(shown);
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200, 129600, 525600];

function grid({ highest, y, x, right, foot, height }) {
  context.font = '11px system-ui, sans-serif';
  context.strokeStyle = style('--grid');
  context.lineWidth = 1;
  context.textAlign = 'right';
  const units = roundStep(highest / 5);
  for (let level = 0; level <= highest * 1.04; level += units) {
    context.fillStyle = style('--grid');
    context.fillRect(left, Math.round(y(level)), right - left, 1);
    context.fillStyle = style('--quiet');
    context.fillText(number(level), left - 6, y(level) + 4);
  }
  context.fillText('throttled', left - 6, foot + laneHeight - 2);
  context.textAlign = 'center';
  const room = (110 * (to - from)) / (right - left);
  const step = STEPS.find((minutesApart) => minutesApart >= room) ?? STEPS.at(-1);
  const offset = (start / 60000) % step;
  for (let t = Math.ceil((from + offset) / step) * step - offset; t <= to; t += step) {
    context.fillStyle = style('--grid');
    context.fillRect(Math.round(x(t)), top, 1, height - axisHeight - top);
    context.fillStyle = style('--quiet');
    if (x(t) > left + 20 && x(t) < right - 40) context.fillText(instant(t, step < 1440 ? 16 : 10), x(t), height - 6);
  }
}

function crosshair(x, foot, height) {
  context.fillStyle = style('--quiet');
  context.fillRect(Math.round(x(pointer + 0.5)), top, 1, height - axisHeight - top);
}

function say(shown) {
  if (pointer === undefined) {
    readout.textContent = instant(from) + ' to ' + instant(to) + ' UTC';
    return;
  }
  const t = Math.min(minutes - 1, Math.max(0, Math.floor(pointer)));
  const parts = [instant(t) + ' UTC', 'demand ' + number(asked[t]) + '/s'];
  for (const { name, capacity, throttled } of shown)
    parts.push(name + ' ' + number(capacity[t]) + '/s' + (throttled[t] > 0 ? ', throttled ' + number(throttled[t]) + '/s' : ''));
  readout.textContent = parts.join('   ·   ');
}

function show(begin, span) {
  const length = Math.min(minutes, Math.max(Math.min(20, minutes), span));
  from = Math.max(0, Math.min(minutes - length, begin));
  to = from + length;
  draw();
}
const zoom = (centre, factor) => {
  const span = Math.min(minutes, (to - from) * factor);
  show(centre - ((centre - from) * span) / (to - from), span);
};
const plotWidth = () => canvas.clientWidth - left - 8;
const minuteAt = (event) => Math.min(to, Math.max(from, from + ((to - from) * (event.offsetX - left)) / plotWidth()));
canvas.addEventListener('wheel', (event) => { event.preventDefault(); zoom(minuteAt(event), event.deltaY > 0 ? 1.25 : 0.8); }, { passive: false });
canvas.addEventListener('dblclick', () => show(0, minutes));
canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId));
canvas.addEventListener('pointerleave', () => { pointer = undefined; draw(); });
canvas.addEventListener('pointermove', (event) => {
  pointer = Math.floor(minuteAt(event));
  if (event.buttons) show(from - (event.movementX / plotWidth()) * (to - from), to - from);
  else draw();
});
canvas.addEventListener('keydown', (event) => {
  const middle = (from + to) / 2, span = to - from;
  const act = {
    '+': () => zoom(middle, 0.7), '=': () => zoom(middle, 0.7), '-': () => zoom(middle, 1.4),
    ArrowLeft: () => show(from - 0.2 * span, span), ArrowRight: () => show(from + 0.2 * span, span),
    Home: () => show(0, minutes),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
document.querySelectorAll('input').forEach((box, i) => {
  box.addEventListener('change', () => { lines[i].shown = box.checked; draw(); });
});
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
draw();
`;
