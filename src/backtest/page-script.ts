/** The script of the page: draws runs of [length, value] on a canvas; wheel and drag zoom and move. */
export const pageScript = `
const { start, minutes, demand, methods } = JSON.parse(document.getElementById('data').textContent);
const unpack = (runs) => {
  const values = new Float64Array(minutes);
  let t = 0;
  for (let i = 0; i < runs.length; i += 2) { values.fill(runs[i + 1], t, t + runs[i]); t += runs[i]; }
  return values;
};
const asked = unpack(demand);
const lines = methods.map(({ name, capacity, throttled }) =>
  ({ name, capacity: unpack(capacity), throttled: unpack(throttled) }));
const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
const colours = ['#0b6e4f', '#c1440e', '#6a4c93', '#b8860b', '#1f6feb', '#8b5e3c', '#d6336c', '#0a9396'];
const picked = new Set(lines.slice(0, 2).map(({ name }) => name));
let from = 0;
let to = minutes;

const peak = (values, a, b) => { let most = 0; for (let t = a; t < b; t++) if (values[t] > most) most = values[t]; return most; };

function draw() {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const shown = lines.filter(({ name }) => picked.has(name));
  const a = Math.floor(from);
  const b = Math.min(minutes, Math.ceil(to));
  const top = 1.05 * Math.max(peak(asked, a, b), ...shown.map(({ capacity }) => peak(capacity, a, b)), 1);
  const y = (units) => height - 24 - (units / top) * (height - 32);
  const column = (x) => {
    const first = Math.min(b - 1, Math.max(a, Math.floor(from + ((to - from) * x) / width)));
    return [first, Math.min(b, Math.max(first + 1, Math.floor(from + ((to - from) * (x + 1)) / width)))];
  };
  context.fillStyle = getComputedStyle(document.body).getPropertyValue('--demand');
  for (let x = 0; x < width; x++) { const h = y(peak(asked, ...column(x))); context.fillRect(x, h, 1, height - 24 - h); }
  for (const line of shown) {
    context.strokeStyle = context.fillStyle = colours[lines.indexOf(line) % colours.length];
    context.beginPath();
    for (let x = 0; x < width; x++) {
      const columns = column(x);
      context.lineTo(x, y(peak(line.capacity, ...columns)));
      if (peak(line.throttled, ...columns) > 0) context.fillRect(x, height - 22, 1, 6);
    }
    context.stroke();
  }
  axis(width, height, top, y);
}

function axis(width, height, top, y) {
  context.fillStyle = getComputedStyle(document.body).color;
  context.font = '11px system-ui';
  const said = (t) => new Date(start + t * 60000).toISOString().slice(0, 16).replace('T', ' ');
  context.textAlign = 'left';
  context.fillText(said(Math.floor(from)), 2, height - 4);
  context.fillText(Math.round(top) + ' units/s', 2, 12);
  context.fillText(Math.round(top / 2), 2, y(top / 2));
  context.textAlign = 'right';
  context.fillText(said(Math.floor(to)) + ' UTC', width - 2, height - 4);
}

function zoom(centre, factor) {
  const span = Math.min(minutes, Math.max(30, (to - from) * factor));
  from = Math.max(0, Math.min(minutes - span, centre - (centre - from) * (span / (to - from))));
  to = from + span;
  draw();
}
const minuteAt = (event) => from + ((to - from) * event.offsetX) / canvas.clientWidth;
canvas.addEventListener('wheel', (event) => { event.preventDefault(); zoom(minuteAt(event), event.deltaY > 0 ? 1.25 : 0.8); }, { passive: false });
canvas.addEventListener('dblclick', () => { from = 0; to = minutes; draw(); });
canvas.addEventListener('pointermove', (event) => {
  if (!event.buttons) return;
  const span = to - from;
  from = Math.max(0, Math.min(minutes - span, from - (event.movementX / canvas.clientWidth) * span));
  to = from + span;
  draw();
});
canvas.addEventListener('keydown', (event) => {
  const middle = (from + to) / 2;
  const keys = { '+': () => zoom(middle, 0.7), '-': () => zoom(middle, 1.4) };
  const step = { ArrowLeft: -0.2, ArrowRight: 0.2 }[event.key];
  if (step) { const span = to - from; from = Math.max(0, Math.min(minutes - span, from + span * step)); to = from + span; draw(); }
  keys[event.key]?.();
});
document.querySelectorAll('input').forEach((box, i) => {
  box.checked = picked.has(lines[i].name);
  box.parentElement.style.setProperty('--colour', colours[i % colours.length]);
  box.addEventListener('change', () => { picked[box.checked ? 'add' : 'delete'](lines[i].name); draw(); });
});
addEventListener('resize', draw);
draw();
`;
