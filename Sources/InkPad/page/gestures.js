// What pointers do on the sheet. Each has a part from when it comes down until it leaves: it draws, erases,
// moves the sheet, or rests.
//
// - A pen takes over. A touch that was there before is a hand: what it has drawn or moved is taken back. One
//   that comes while a pen is near rests, and does nothing.
// - Two fingers move the sheet and zoom; what the first has begun to draw is dropped.
// - A tap on the ink of a character offers what else it could be. A tap beside it is a dot.
// - A button that lies on the empty paper lets all through: what moves is a stroke, and a still tap presses it.
import { $, state, tell } from './state.js';
import { become, boxOfPoints, isNear, keepForUndo, newStroke, turns } from './ink.js';
import { look, paint, paintSoon, penWidth, sheet, toDrawing, toSheet, zoom } from './paper.js';
import { offer } from './choices.js';
import { frames } from './latency.js';

const PEN_IS_NEAR = 2500;               // for so long after it was seen, in ms: hands rest between strokes
const pointers = new Map();             // those on the sheet: id -> { type, part, place, ... }
let lastPen = -Infinity;
let viewBefore = null;                  // how the sheet lay before touches moved it
let isSpaceHeld = false;

const having = (...parts) => [...pointers.values()].filter(({ part }) => parts.includes(part));

function placeOf(event) {
  const frame = sheet.getBoundingClientRect();
  return [event.clientX - frame.left, event.clientY - frame.top];
}

/// A pen was seen, on the sheet or over it: hands that are there rest.
function seePen(event) {
  if (event.pointerType !== 'pen') return;
  lastPen = event.timeStamp;
  for (const one of pointers.values()) {
    if (one.type !== 'touch' || one.part === 'rests') continue;
    if (one.part === 'moves') look(viewBefore); else abandon();
    one.part = 'rests';
  }
}

/// Forgets pointers that left without a word: of pens and mice there is one, and a first finger is alone.
function forgetLost({ pointerType, isPrimary }) {
  if (!isPrimary) return;
  for (const [id, { type }] of pointers) {
    if (type !== pointerType) continue;
    if (id === state.pointer) abandon();
    pointers.delete(id);
  }
}

/// What a pointer that comes down is for.
function partOf(event) {
  const { pointerType: type, button } = event;
  if (type === 'touch') {
    if (event.timeStamp - lastPen < PEN_IS_NEAR) return 'rests';
    const others = [...pointers.values()].filter((one) => one.type === 'touch');
    if (others.length > 1) return 'rests';
    if (others.length === 1) {
      if (['draws', 'erases'].includes(others[0].part)) abandon();
      others[0].part = 'moves';
    }
    if (others.length === 1 || state.penOnly) {
      viewBefore = state.view;
      return 'moves';
    }
  }
  if (state.pointer !== null) return 'rests';
  if (type === 'mouse' && (button === 1 || isSpaceHeld)) return 'moves';
  if (![0, 2, 5].includes(button)) return 'rests';
  return state.isEraser || button !== 0 ? 'erases' : 'draws';
}

sheet.addEventListener('pointerdown', (event) => {
  forgetLost(event);
  seePen(event);
  const place = placeOf(event);
  const part = partOf(event);
  const menu = document.querySelector(':popover-open');
  menu?.hidePopover();
  pointers.set(event.pointerId, {
    type: event.pointerType, part, place, start: place, since: event.timeStamp, closes: menu !== null,
    button: menu || event.button !== 0 ? null : buttonAt(event),
  });
  sheet.setPointerCapture(event.pointerId);
  if (part !== 'draws' && part !== 'erases') return;
  state.pointer = event.pointerId;
  if (part === 'draws') {
    state.current = { points: [], widths: event.pointerType === 'pen' ? [] : null };
    frames.watch(true);
  } else {
    erasedFrom = { strokes: state.strokes, chosen: state.chosen };
    lastErased = null;
  }
  tell('pen down');
  follow(event);
});

sheet.addEventListener('pointermove', (event) => {
  seePen(event);
  const one = pointers.get(event.pointerId);
  if (!one) return point(event);
  if (!isStill(one, placeOf(event))) one.button = null;
  if (one.part === 'moves') return move(one, placeOf(event));
  if (one.part === 'rests') return;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const part of events.length ? events : [event]) follow(part);
  paintSoon();
});

sheet.addEventListener('pointerenter', seePen);

sheet.addEventListener('pointerup', (event) => {
  const one = pointers.get(event.pointerId);
  pointers.delete(event.pointerId);
  if (one?.button && one.part !== 'rests') {
    abandon();
    return one.button.click();
  }
  // Of two fingers that moved the sheet the other one rests, until it leaves as well.
  if (one?.part === 'moves') for (const other of having('moves')) other.part = 'rests';
  if (event.pointerId !== state.pointer) return;
  state.pointer = null;
  frames.watch(false);
  if (one.part === 'erases') finishErasing(); else finishStroke(one, event);
});

sheet.addEventListener('pointercancel', (event) => {
  pointers.delete(event.pointerId);
  if (event.pointerId === state.pointer) abandon();
});

sheet.addEventListener('contextmenu', (event) => event.preventDefault());

/// Takes back what the pointer that draws has done since it came down.
export function abandon() {
  if (state.pointer === null) return;
  const one = pointers.get(state.pointer);
  if (one) one.part = 'rests';
  state.pointer = null;
  state.current = null;
  frames.watch(false);
  if (erasedFrom && state.strokes !== erasedFrom.strokes) {
    state.chosen = erasedFrom.chosen;
    become(erasedFrom.strokes);
  }
  erasedFrom = null;
  tell('pen up');
  paint();
}

function follow(event) {
  const place = placeOf(event);
  if (!state.current) return erase(place);
  const { points, widths } = state.current;
  const next = toDrawing(place);
  const last = points.at(-1);
  if (last && last[0] === next[0] && last[1] === next[1]) return;
  points.push(next);
  widths?.push(widthOf(event));
}

/// How much wider a line is where a pen presses, or lies flat.
function widthOf({ pressure, tiltX = 0, tiltY = 0 }) {
  const pressed = pressure > 0 ? 0.6 + 0.8 * pressure : 1;
  const tilt = Math.min(1, Math.hypot(tiltX, tiltY) / 90);
  return pressed * (1 + 0.8 * tilt * tilt);
}

// ---- Strokes ----------------------------------------------------------------------------------------

const STILL = { touch: 9, pen: 4, mouse: 3 }; // a tap moves no further, in CSS pixels
const GOES_ON = 600;                    // who writes on sets a dot within this time, in milliseconds
let lastStroke = -Infinity;

const isStill = ({ type, start }, [x, y]) =>
  Math.max(Math.abs(x - start[0]), Math.abs(y - start[1])) <= STILL[type];

/// The button on the paper at a place.
function buttonAt({ clientX: x, clientY: y }) {
  const { left, top, right, bottom } = $('example').getBoundingClientRect();
  return x > left && x < right && y > top && y < bottom ? $('example') : null;
}

function finishStroke({ type, since, closes }, event) {
  const { points, widths } = state.current;
  state.current = null;
  const path = points.map(toSheet);
  const [x0, y0, x1, y1] = boxOfPoints(path);
  if (Math.max(x1 - x0, y1 - y0) <= STILL[type]) {
    // A tap beside a menu closes it, and no more.
    const isDot = closes || since - lastStroke < GOES_ON;
    const character = isDot ? null : characterAt(path[0], type);
    // The browser closes what is open when a pointer leaves: the menu opens after that.
    if (character) setTimeout(offerAt, 0, path[0], type);
    if (closes || character) {
      tell('pen up');
      return paint();
    }
  }
  lastStroke = event.timeStamp;
  const struck = strokesStruckBy(path);
  keepForUndo();
  become(struck.size ? state.strokes.filter((stroke) => !struck.has(stroke))
    : [...state.strokes, newStroke(points, widths)], event.timeStamp);
}

/// The character that has ink at a place. How near a tap must come depends on the character's size: a point
/// behind a small 1 is not on it, nor one over the bar of a small ÷.
function characterAt(place, type) {
  const ink = penWidth() * state.view.scale / 2 + 1;
  const strokes = new Map(state.strokes.map((stroke) => [stroke.id, stroke]));
  return state.characters.find(({ ids, box: [x0, y0, x1, y1] }) => {
    const size = Math.max(x1 - x0, y1 - y0) * state.view.scale;
    const reach = Math.max(ink, Math.min(type === 'touch' ? 14 : 7, 0.2 * size));
    return ids.some((id) => strokes.has(id) && isAround(strokes.get(id).box, [...place, ...place], reach)
      && isNear(strokes.get(id).points.map(toSheet), [place, place], reach));
  });
}

/// Whether a box of the drawing comes as near as this to one of the sheet.
function isAround([x0, y0, x1, y1], [left, top, right, bottom], reach) {
  const [a, b] = toSheet([x0, y0]);
  const [c, d] = toSheet([x1, y1]);
  return a < right + reach && c > left - reach && b < bottom + reach && d > top - reach;
}

function offerAt(place, type) {
  const character = characterAt(place, type);
  if (character) offer(character, $('marks').children[state.characters.indexOf(character)]);
}

/// A pointer without a button: over ink that can be tapped it looks so.
function point(event) {
  if (event.pointerType !== 'mouse') return;
  const button = buttonAt(event);
  $('example').classList.toggle('pointed', button !== null);
  sheet.classList.toggle('tappable', button !== null || characterAt(placeOf(event), 'mouse') !== undefined);
}

// ---- Erasing ----------------------------------------------------------------------------------------

let erasedFrom = null;                  // what was there before the eraser came down
let lastErased = null;

const reach = () => Math.max(9, 1.5 * penWidth() * state.view.scale); // how near the eraser must come

function erase(place) {
  const path = [lastErased ?? place, place];
  lastErased = place;
  const area = boxOfPoints(path);
  const kept = state.strokes.filter(({ box, points }) =>
    !(isAround(box, area, reach()) && isNear(points.map(toSheet), path, reach())));
  if (kept.length === state.strokes.length) return;
  state.strokes = kept;
  state.isAnswered = false;
  paintSoon();
}

function finishErasing() {
  const before = erasedFrom;
  erasedFrom = null;
  if (state.strokes === before.strokes) return tell('pen up');
  keepForUndo(before);
  become(state.strokes);
}

/// The strokes that a scribble strikes through: it goes to and fro along one direction and turns five
/// times or more, which no character does; what it takes away lies under it, for the most part.
function strokesStruckBy(path) {
  const struck = new Set();
  if (Math.max(turns(path, 0), turns(path, 1)) < 5) return struck;
  const [x0, y0, x1, y1] = boxOfPoints(path);
  const isInside = ([x, y]) => x > x0 - reach() && x < x1 + reach() && y > y0 - reach() && y < y1 + reach();
  for (const stroke of state.strokes) {
    if (!isAround(stroke.box, [x0, y0, x1, y1], reach())) continue;
    const other = stroke.points.map(toSheet);
    const isTouched = path.some((point, place) => place && isNear(other, [path[place - 1], point], reach()));
    if (isTouched && other.filter(isInside).length >= 0.6 * other.length) struck.add(stroke);
  }
  return struck;
}

// ---- Moving and zooming -----------------------------------------------------------------------------

/// A pointer moves the sheet by itself, or with another one: then what was between them stays between them.
function move(one, place) {
  const [other] = having('moves').filter((each) => each !== one);
  const [x, y] = one.place;
  one.place = place;
  const [dx, dy] = [place[0] - x, place[1] - y];
  if (!other) return look({ ...state.view, x: state.view.x + dx, y: state.view.y + dy });
  const [ox, oy] = other.place;
  const before = Math.hypot(x - ox, y - oy);
  const after = Math.hypot(place[0] - ox, place[1] - oy);
  zoom(before > 1 ? after / before : 1, [(x + ox) / 2, (y + oy) / 2], [dx / 2, dy / 2]);
}

sheet.addEventListener('wheel', (event) => {
  event.preventDefault();
  if (state.pointer !== null) return;
  const unit = event.deltaMode === 1 ? 30 : 1;
  if (event.ctrlKey || event.metaKey) {
    return zoom(Math.exp(-0.004 * Math.max(-150, Math.min(150, unit * event.deltaY))), placeOf(event));
  }
  look({ ...state.view, x: state.view.x - unit * event.deltaX, y: state.view.y - unit * event.deltaY });
}, { passive: false });

/// Space and a drag move the sheet; on a button it presses that.
addEventListener('keydown', (event) => {
  if (event.code !== 'Space' || event.target.closest?.('button, input, [role="spinbutton"]')) return;
  event.preventDefault();
  isSpaceHeld = true;
  sheet.classList.add('movable');
});
addEventListener('keyup', (event) => { if (event.code === 'Space') release(); });
addEventListener('blur', release);

function release() {
  isSpaceHeld = false;
  sheet.classList.remove('movable');
}
