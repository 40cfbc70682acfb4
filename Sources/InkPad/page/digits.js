// The sheet as one digit: which it is, and a bar for each.
import { $, listen, state } from './state.js';
import { percent, say, t } from './words.js';

const DIGITS = ALPHABET.entries.filter(({ kind }) => kind === 'digit').map(({ text }) => text);

function show() {
  $('digits').hidden = state.mode !== 'digit';
  if (state.mode !== 'digit') return;
  const top = new Map(state.answer?.symbols?.[0]?.top ?? []);
  const likely = DIGITS.map((digit) => [digit, top.get(digit) ?? 0]);
  const sum = likely.reduce((sum, [, p]) => sum + p, 0);
  likely.push([t().otherShort, state.strokes.length ? Math.max(0, 1 - sum) : 0]);
  const best = likely.reduce((one, other) => other[1] > one[1] ? other : one);
  const isDigit = best[1] > 0 && best[0] !== t().otherShort;
  $('digit').textContent = isDigit ? best[0] : best[1] > 0 ? '?' : '–';
  $('digit').className = isDigit ? '' : 'none';
  $('bars').replaceChildren(...likely.map(([digit, probability]) => bar(digit, probability, best)));
  state.shown = isDigit ? `${best[0]}, ${percent(best[1])}` : best[1] > 0 ? t().other : '';
  state.heard = state.shown;
  $('sheet').setAttribute('aria-label', t().sheet(state.strokes.length, state.heard));
  say(state.shown);
}

function bar(digit, probability, best) {
  const item = document.createElement('li');
  const [number, bar] = [document.createElement('b'), document.createElement('span')];
  number.textContent = `${Math.round(probability * 100)}%`;
  bar.style.height = `${probability * 66}%`;
  if (probability > 0.005) item.classList.add('seen');
  if (digit === best[0] && best[1] > 0) item.classList.add('best');
  item.setAttribute('aria-label', `${digit === t().otherShort ? t().other : digit}: ${percent(probability)}`);
  item.append(number, bar, digit);
  return item;
}

for (const change of ['answer', 'words', 'mode']) listen(change, show);
