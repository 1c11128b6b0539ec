/** Zooming and moving by wheel, finger, keyboard and button. Selecting by the mouse is uPlot's. */
import type { Limits, View } from '../view.ts';
import { moved, pinched, zoomed } from '../view.ts';

export interface Viewer {
  readonly limits: Limits;
  readonly view: () => View;
  readonly show: (view: View) => void;
}

const STEP = 0.25;
const FACTOR = 0.6;

const middle = ({ from, to }: View): number => (from + to) / 2;

/** What can be done to a chart without a pointer: its name, the keys, and the label of its button. */
const acts: readonly {
  readonly name: string;
  readonly sign: string;
  readonly keys: readonly string[];
  readonly act: (limits: Limits, view: View) => View;
}[] = [
  { name: 'Earlier', sign: '◀', keys: ['ArrowLeft'], act: (limits, view) => moved(limits, view, -STEP) },
  { name: 'Later', sign: '▶', keys: ['ArrowRight'], act: (limits, view) => moved(limits, view, STEP) },
  {
    name: 'Zoom in',
    sign: '+',
    keys: ['+', '='],
    act: (limits, view) => zoomed(limits, view, middle(view), FACTOR),
  },
  {
    name: 'Zoom out',
    sign: '−',
    keys: ['-'],
    act: (limits, view) => zoomed(limits, view, middle(view), 1 / FACTOR),
  },
  { name: 'Show all', sign: 'Show all', keys: ['Home', '0'], act: (limits) => limits },
];

/** Buttons for all that keys can do. */
export function buttons({ limits, view, show }: Viewer, about: string): HTMLElement {
  const group = document.createElement('div');
  group.className = 'buttons';
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', `Zoom of ${about}`);
  for (const { name, sign, act } of acts) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = sign;
    button.title = name;
    button.setAttribute('aria-label', name);
    button.addEventListener('click', () => show(act(limits, view())));
    group.append(button);
  }
  return group;
}

export function listenToKeys(element: HTMLElement, { limits, view, show }: Viewer): void {
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const found = acts.find(({ keys }) => keys.includes(event.key));
    if (!found) return;
    event.preventDefault();
    show(found.act(limits, view()));
  });
}

/** The wheel alone scrolls the page. With Ctrl, as a touch pad sends it for two fingers, it zooms; sideways it moves. */
export function listenToWheel(over: HTMLElement, { limits, view, show }: Viewer): void {
  const onWheel = (event: WheelEvent): void => {
    const sideways = event.deltaX + (event.shiftKey ? event.deltaY : 0);
    const zooms = event.ctrlKey || event.metaKey;
    if (!zooms && Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    const { from, to } = view();
    if (!zooms) return show(moved(limits, view(), sideways / over.clientWidth));
    const center = from + ((to - from) * event.offsetX) / over.clientWidth;
    show(zoomed(limits, view(), center, event.deltaY > 0 ? 1.25 : 0.8));
  };
  // A passive listener cannot keep the page from scrolling.
  over.addEventListener('wheel', onWheel, { passive: false });
}

/** One finger moves sideways, and two zoom. One that moves up or down scrolls the page: `touch-action: pan-y`. */
export function listenToFingers(over: HTMLElement, { limits, view, show }: Viewer): void {
  const fingers = new Map<number, number>();
  let begun: { readonly view: View; readonly places: readonly number[] } = { view: view(), places: [] };
  const begin = (): void => {
    begun = { view: view(), places: [...fingers.values()] };
  };
  const placeOf = (event: PointerEvent): number => event.clientX - over.getBoundingClientRect().left;
  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') return;
    fingers.set(event.pointerId, placeOf(event));
    begin();
  });
  over.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, placeOf(event));
    const [one, other] = [...fingers.values()];
    const [first, second] = begun.places;
    if (one === undefined || first === undefined) return;
    if (other === undefined || second === undefined)
      show(moved(limits, begun.view, (first - one) / over.clientWidth));
    else show(pinched(limits, begun.view, [first, second], [one, other], over.clientWidth));
  });
  const end = (event: PointerEvent): void => {
    if (fingers.delete(event.pointerId)) begin();
  };
  for (const type of ['pointerup', 'pointercancel'] as const) over.addEventListener(type, end);
}
