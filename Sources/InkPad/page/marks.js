// What the page writes on the paper: which characters it read and how sure it is of them, and the answer
// of each line beside its "=". These lie over the ink and let pens through; by the keyboard they are reached.
import { $, listen, state } from './state.js';
import { percent, pretty, spoken, t } from './words.js';
import { EQUALS, lines, outcome } from './answers.js';
import { boxOf } from './ink.js';
import { groupColour, toSheet } from './paper.js';
import { form, ordered, sign } from './panel.js';
import { offer } from './choices.js';

let shown = [];                         // { element, lay }: what is there, and how it comes to its place

function show() {
  const focused = [...$('marks').children].indexOf(document.activeElement);
  const doubtful = doubtfulCharacters();
  const characters = state.characters.map((one, place) => mark(one, place, doubtful.has(one)));
  const answers = state.typed ? [] : lines().flatMap((line, place) => answer(line, place));
  shown = [...characters, ...answers];
  $('marks').replaceChildren(...shown.map(({ element }) => element));
  if (focused >= 0) (characters[focused] ?? characters.at(-1))?.element.focus();
  layOut();
}

function layOut() {
  $('marks').classList.toggle('named', state.showsGroups);
  const taken = state.characters.map(({ box }) => onSheet(box));
  for (const { lay } of shown) lay(taken);
}

const onSheet = ([x0, y0, x1, y1]) => [...toSheet([x0, y0]), ...toSheet([x1, y1])];

/// Characters that may well be others, and in a line that is not sure the least sure one.
function doubtfulCharacters() {
  if (state.isWriting) return new Set();
  return new Set(lines().flatMap((line, place) => {
    const own = state.characters.filter((one) => one.line === place && !one.isChosen);
    const doubtful = own.filter(({ confidence }) => confidence < 0.5);
    if (doubtful.length || line.code !== 'unsure') return doubtful;
    return own.length ? [own.reduce((one, other) => other.confidence < one.confidence ? other : one)] : [];
  }));
}

function mark(one, place, isDoubtful) {
  const button = document.createElement('button');
  const name = spoken(one.text);
  button.type = 'button';
  button.className = 'mark';
  button.classList.toggle('doubtful', isDoubtful);
  button.classList.toggle('chosen', one.isChosen);
  button.classList.toggle('weak', one.confidence < 0.85);
  button.tabIndex = place ? -1 : 0;
  button.dataset.character = one.text;
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-label',
    one.isChosen ? t().characterChosen(name) : t().character(name, percent(one.confidence)));
  button.style.setProperty('--group', `var(${groupColour(place)})`);
  button.style.setProperty('--sure', `${Math.round(one.confidence * 100)}%`);
  button.onclick = () => offer(one, button);
  const lay = (taken) => {
    const [x0, y0, x1, y1] = onSheet(one.box);
    const margin = 6;
    Object.assign(button.style, {
      left: `${x0 - margin}px`, top: `${y0 - margin}px`,
      width: `${x1 - x0 + 2 * margin}px`, height: `${y1 - y0 + 2 * margin}px`,
    });
    // A name that would stand on other ink is left out, and the line below says how sure it is.
    const isFree = (text) => !isTaken(taken, x0, y0 - margin - 20, 9 * text.length, 18);
    const label = [`${pretty(one.text)} ${percent(one.confidence)}`, pretty(one.text)].find(isFree);
    button.dataset.label = label ?? '';
  };
  return { element: button, lay };
}

const isTaken = (taken, x, y, wide, high) =>
  taken.some(([x0, y0, x1, y1]) => x < x1 && x + wide > x0 && y < y1 && y + high > y0);

/// The answer of a line, in its height.
function answer(line, place) {
  const found = outcome(line);
  const own = state.characters.filter((one) => one.line === place);
  if (!own.length || state.tried || found.kind === 'nothing' || found.kind === 'wrong') return [];
  const label = document.createElement('span');
  label.className = `answer ${found.kind}`;
  label.dataset.line = place;
  const asks = own.some(({ text }) => text === EQUALS);
  if (found.kind === 'number') {
    // What is long is written in its short form, and whole above the sheet.
    const forms = ordered(found.forms);
    const one = forms[0].text.length > 14 ? forms.at(-1) : forms[0];
    const parts = form(one);
    label.append(...asks && sign(one) === '=' ? parts.slice(1) : parts);
  } else {
    label.classList.toggle('false', found.isTrue === false);
    label.textContent = { truth: found.isTrue ? '✓' : '✗', writing: '…', unsure: '?' }[found.kind];
  }
  // The panel says the same to those who hear it.
  label.setAttribute('aria-hidden', 'true');
  return [{ element: label, lay: (taken) => layAnswer(label, own, taken) }];
}

/// Puts an answer behind the last character of its line, or below or above it where there is no room; what
/// has no place at all is seen above the sheet only.
function layAnswer(label, own, taken) {
  const boxes = own.map(({ box }) => onSheet(box));
  const [, top, right, bottom] = boxOf(boxes);
  const heights = boxes.map(([, y0,, y1]) => y1 - y0).sort((one, other) => one - other);
  const height = heights[Math.floor(0.8 * heights.length)];
  const last = boxes.reduce((one, other) => other[2] > one[2] ? other : one);
  label.style.fontSize = `${Math.max(18, Math.min(120, 0.62 * height))}px`;
  label.hidden = false;
  const { offsetWidth: wide, offsetHeight: high } = label;
  const { clientWidth: width, clientHeight: bound } = $('sheet');
  const gap = Math.max(10, 0.25 * height);
  const middle = (last[1] + last[3] - high) / 2;
  const left = Math.min(right - wide, width - wide - 6);
  const place = [[right + gap, middle], [left, bottom + gap], [left, top - gap - high]].find(([x, y]) =>
    x >= 0 && y >= 0 && x + wide <= width && y + high <= bound && !isTaken(taken, x, y, wide, high));
  label.hidden = !place;
  if (!place) return;
  Object.assign(label.style, { left: `${place[0]}px`, top: `${place[1]}px` });
  taken.push([place[0], place[1], place[0] + wide, place[1] + high]);
}

$('marks').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const buttons = [...$('marks').querySelectorAll('button')];
  go(event, buttons, buttons[buttons.indexOf(document.activeElement) + step]);
});

// From the paper they go to the first character, or to the last one.
$('sheet').addEventListener('keydown', (event) => {
  const buttons = [...$('marks').querySelectorAll('button')];
  const place = { ArrowRight: 0, ArrowLeft: -1 }[event.key];
  if (place !== undefined) go(event, buttons, buttons.at(place));
});

function go(event, buttons, next) {
  if (!next) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

for (const change of ['answer', 'words', 'mode']) listen(change, show);
listen('view', layOut);
