// The answer above the sheet: each line as it was read, set as mathematics, and its value, which stays in
// sight however long the line is.
import { $, listen, remembered, state, tell } from './state.js';
import { percent, pretty, say, spoken, t } from './words.js';
import { alternatives, lineInWords, lines, lineText, outcome } from './answers.js';
import { keepForUndo, undo } from './ink.js';
import { expression, value as mathematics } from './mathematics.js';

let isDecimal = remembered.get('decimal') === 'yes';

/// The forms of a value, the one that is wanted first.
export const ordered = (forms) => isDecimal && forms.length > 1 ? [forms[1], forms[0]] : forms;

function swap() {
  isDecimal = !isDecimal;
  remembered.set('decimal', isDecimal ? 'yes' : 'no');
  tell('answer');
}

function show() {
  const isCalculator = state.mode === 'ink';
  $('calculation').hidden = !isCalculator;
  if (!isCalculator) return;
  const shown = lines();
  const focus = place(document.activeElement);
  $('lines').replaceChildren(...shown.map(row));
  $('lines').classList.toggle('several', shown.length > 1);
  if (focus) $('lines').querySelector(focus)?.focus();

  $('hint').hidden = shown.length > 0;
  $('hint').textContent = state.strokes.length && state.isAnswered && !state.typed ? t().failed : t().hint;
  $('copy').disabled = !shown.length;
  const others = alternatives();
  $('others').hidden = !others.length;
  $('others').replaceChildren(t().others, ...others.slice(0, 3).map(other));
  // Now there is the room that there will be.
  shrink();

  const text = shown.map(lineText).join('; ');
  state.heard = shown.map(lineInWords).join('; ');
  if (text !== state.shown && text) say(state.heard);
  state.shown = text;
  label();
}

function label() { $('sheet').setAttribute('aria-label', t().sheet(state.strokes.length, state.heard)); }

/// Where the keyboard's focus is among the lines, as a selector: rows are made anew.
function place(focused) {
  const line = focused?.closest?.('#lines li');
  if (!line) return null;
  const row = `li:nth-child(${[...line.parentElement.children].indexOf(line) + 1})`;
  if (focused.dataset.number) return `${row} [data-number="${focused.dataset.number}"]`;
  return focused.classList[0] ? `${row} .${focused.classList[0]}` : null;
}

function row(line, place) {
  const item = document.createElement('li');
  const written = document.createElement('div');
  written.className = 'expression';
  const pieces = line.mathml ? expression(line.mathml) : [];
  if (pieces.length) written.append(...pieces); else written.append(pretty(line.expression));
  number(written, line, place);
  item.append(written, result(line));
  if (state.tried?.line === place) item.append(back());
  return item;
}

/// Makes the numbers of a line ones that can be changed, where it is clear which is which.
function number(written, line, place) {
  const marks = [...written.querySelectorAll('mn')];
  const numbers = line.expression.match(NUMBER) ?? [];
  if (marks.length !== numbers.length || marks.some((mark, i) => mark.textContent !== numbers[i])) return;
  marks.forEach((mark, i) => {
    mark.dataset.line = place;
    mark.dataset.number = i;
    mark.setAttribute('role', 'spinbutton');
    mark.setAttribute('tabindex', '0');
    mark.setAttribute('aria-valuenow', mark.textContent);
    mark.setAttribute('aria-label', t().number(mark.textContent));
  });
}

export const NUMBER = /\d+(?:\.\d*)?|\.\d+/g;

/// What a line comes to.
function result(line) {
  const found = outcome(line);
  const shown = document.createElement(found.kind === 'number' && found.forms.length > 1 ? 'button' : 'span');
  shown.className = `value ${found.kind}`;
  if (found.kind === 'number') {
    const [first, second] = ordered(found.forms);
    shown.append(...form(first));
    if (second) {
      const small = document.createElement('small');
      small.append(...form(second));
      shown.append(small);
      shown.type = 'button';
      shown.title = isDecimal ? t().exact : t().decimal;
      shown.setAttribute('aria-label', `${spoken(sign(first) + first.text)}. ${shown.title}`);
      shown.onclick = swap;
    }
    shown.classList.toggle('long', first.text.length > LONG);
  } else if (found.kind === 'truth') {
    shown.classList.toggle('false', !found.isTrue);
    shown.textContent = `${found.isTrue ? '✓' : '✗'} ${found.text}`;
  } else if (found.kind === 'writing') {
    shown.textContent = '…';
    shown.title = found.text;
  } else {
    shown.textContent = found.text;
  }
  return shown;
}

export const sign = (one) => one.isExact ? '=' : '≈';
const LONG = 20;
// Many figures are text, which can be broken.
export const form = (one) => [`${sign(one)} `, one.text.length > LONG ? pretty(one.text) : mathematics(one.text)];

function back() {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'back quiet';
  button.textContent = '↺';
  button.title = t().back;
  button.setAttribute('aria-label', t().back);
  button.onclick = undo;
  return button;
}

function other(one) {
  const button = document.createElement('button');
  const small = document.createElement('small');
  button.type = 'button';
  button.textContent = pretty(one.text);
  small.textContent = percent(one.confidence);
  button.append(small);
  button.onclick = () => pick(one);
  return button;
}

/// Takes another reading of the whole, until the drawing changes.
function pick(one) {
  keepForUndo();
  state.tried = { line: 0, answer: one };
  tell('answer');
}

/// Long lines in smaller letters, down to what can be read; from there on they are broken.
function shrink() {
  for (const written of $('lines').querySelectorAll('.expression')) {
    written.classList.remove('small', 'tiny');
    if (isWhole(written) && !isBroken(written)) continue;
    written.classList.add('small');
    if (!isWhole(written)) written.classList.replace('small', 'tiny');
  }
}

const isWhole = (box) => [box, $('lines')].every((one) =>
  one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1);

/// Whether a line goes on below its start.
function isBroken(written) {
  const middles = [...written.children].map((piece) => piece.getBoundingClientRect())
    .map(({ top, bottom }) => (top + bottom) / 2);
  return Math.max(...middles) - Math.min(...middles) > 0.6 * parseFloat(getComputedStyle(written).fontSize);
}

for (const change of ['answer', 'words', 'mode']) listen(change, show);
listen('cleared', () => say(t().cleared));
listen('drawing', label);
addEventListener('resize', shrink);
