// What was read and what it comes to: asked after each change, shown, corrected, copied.
import { $, listen, state, tell } from '/state.js';
import { localError, percent, pretty, say, t } from '/words.js';
import { ask, isTroubled, showProblem } from '/conversation.js';
import { showMenu } from '/menus.js';
import { wire } from '/ink.js';
import { timed } from '/latency.js';

const DIGITS = ALPHABET.entries.filter(({ kind }) => kind === 'digit').map(({ text }) => text);
const EQUALS = ALPHABET.entries.find(({ kind }) => kind === 'equals').text;

async function askAboutDrawing(penUp = null) {
  const drawing = state.strokes;
  if (!drawing.length) {
    state.answer = state.corrected = null;
    state.isAnswered = true;
    return showAnswer();
  }
  const kind = state.mode;
  const found = await ask(kind, { strokes: wire(drawing) });
  if (found === undefined || drawing !== state.strokes || kind !== state.mode) return;
  state.answer = asRow(found);
  state.corrected = null;
  state.isAnswered = true;
  if (found === null && !isTroubled()) showProblem(t().failed);
  showAnswer();
  tell('answer');
  if (penUp !== null) timed(performance.now() - penUp);
  correct();
}

/// Which strokes a character has; one that is not of the pipeline has none.
export const strokesOf = (symbol) => symbol.strokes ?? state.answer.order.slice(symbol.first, symbol.last);

const symbolKey = (symbol) => strokesOf(symbol).map((place) => state.strokes[place]?.id).sort().join(' ');

/// What was read as characters in a row. What is laid out in two dimensions, or in several lines, is shown
/// whole, and none of its characters can be chosen: their order says nothing of the layout.
function asRow(found) {
  const whole = (text) => ({ text, strokes: [], box: null, confidence: found.confidence, top: [] });
  if (found?.lines) {
    const marks = found.lines.flatMap((line) => line.symbols);
    return { ...found, symbols: [whole(found.text)], marks, alternatives: [] };
  }
  if (!found?.symbols?.length || found.expression === undefined) return found;
  const row = found.symbols.map((symbol) => symbol.text).join('');
  if ([found.expression, `${found.expression}${EQUALS}`].includes(row)) return found;
  return { ...found, symbols: [whole(found.expression)], marks: found.symbols };
}

export const characters = () => (state.answer?.symbols ?? []).map((symbol) =>
  state.corrections.get(symbolKey(symbol)) ?? symbol.text);

/// How sure a character is; where it was chosen by hand, what the network gave it.
export const sureness = (symbol, text) => text === symbol.text ? symbol.confidence
  : symbol.top.find(([one]) => one === text)?.[1] ?? 0;

/// Evaluates the text anew where characters were chosen by hand.
async function correct() {
  if (state.mode !== 'ink' || !state.answer?.symbols?.length) return;
  const text = characters().join('');
  if (text === state.answer.symbols.map((symbol) => symbol.text).join('')) {
    state.corrected = null;
    tell('answer');
    return showAnswer();
  }
  const asked = state.answer;
  const found = await ask('text', { text });
  if (!found || asked !== state.answer) return;
  state.corrected = found;
  tell('answer');
  showAnswer();
}

/// The value to show behind the characters that were read.
function result() {
  const found = state.corrected ?? state.answer;
  if (!found) return null;
  if (found.lines) return null;
  if (found.error) return { kind: 'wrong', text: localError(found.code, found.error, found.expression, found.position) };
  if (found.value === 'true' || found.value === 'false') {
    return { kind: 'truth', isTrue: found.value === 'true', text: t()[found.value === 'true' ? 'yes' : 'no'] };
  }
  const start = `${found.expression}${EQUALS}`;
  if (found.value === null || !found.text.startsWith(start)) return null;
  return { kind: 'number', text: found.text.slice(start.length) };
}

export function showAnswer() {
  $('calculation').hidden = state.mode !== 'ink';
  $('digits').hidden = state.mode !== 'digit';
  if (state.mode === 'digit') showDigit(); else showReading();
  const n = state.strokes.length;
  $('sheet').setAttribute('aria-label', t().sheet(n, state.shown));
}

function showReading() {
  const symbols = state.answer?.symbols ?? [];
  const texts = characters();
  const buttons = symbols.map((symbol, place) => {
    const button = $('reading').children[place] ?? document.createElement('button');
    const sure = sureness(symbol, texts[place]);
    button.type = 'button';
    button.textContent = pretty(texts[place]);
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-label', t().character(texts[place], percent(sure)));
    button.dataset.sure = percent(sure);
    button.style.setProperty('--sure', `${Math.round(sure * 100)}%`);
    button.className = state.corrections.has(symbolKey(symbol)) ? 'chosen'
      : sure < 0.6 ? 'unsure' : '';
    button.onclick = () => offer(place, button);
    return button;
  });
  // Buttons that stay are left where they are: the keyboard's focus may be on one.
  while ($('reading').children.length > buttons.length) $('reading').lastChild.remove();
  $('reading').append(...buttons.slice($('reading').children.length));

  const value = result();
  const asksForValue = texts.at(-1) === EQUALS;
  $('value').className = value?.kind === 'truth' ? `truth ${value.isTrue}` : value?.kind ?? '';
  $('value').textContent = !value ? ''
    : value.kind === 'number' && !asksForValue ? `= ${pretty(value.text)}` : pretty(value.text);
  $('hint').hidden = symbols.length > 0;
  $('copy').hidden = !value || value.kind === 'wrong';

  const others = state.corrected || !state.answer ? [] : (state.answer.alternatives ?? []).filter((other) => !other.error);
  $('others').hidden = !others.length;
  $('others').replaceChildren(t().others, ...others.slice(0, 4).map((other) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = pretty(other.text);
    const small = document.createElement('small');
    small.textContent = percent(other.confidence);
    button.append(small);
    button.onclick = () => pick(other);
    return button;
  }));
  const text = (state.corrected ?? state.answer)?.text ?? '';
  state.shown = value?.kind === 'wrong' ? `${text}: ${value.text}`
    : value?.kind === 'truth' ? `${text}: ${value.text}` : text;
  say(state.shown);
}

/// Takes another reading of the whole: the one that was shown becomes one of the others.
function pick(other) {
  const found = state.corrected ?? state.answer;
  const alternatives = [found, ...state.answer.alternatives.filter((one) => one !== other)];
  // Where each of its characters is one that those strokes could be, it stands for the same strokes.
  const letters = [...other.expression];
  const read = state.answer.symbols.map((symbol) => symbol.text);
  const rest = read.at(-1) === EQUALS && letters.length === read.length - 1 ? [...letters, EQUALS] : letters;
  const couldBe = (text, { text: first, top }) => text === first || top.some(([one]) => one === text);
  if (rest.length === read.length && rest.every((text, place) => couldBe(text, state.answer.symbols[place]))) {
    state.answer.symbols.forEach((symbol, place) => {
      if (rest[place] !== symbol.text) state.corrections.set(symbolKey(symbol), rest[place]);
    });
    return correct();
  }
  state.answer = { ...state.answer, ...other, symbols: rest.map((text) => (
    { text, strokes: [], box: null, confidence: other.confidence, top: [] })), marks: undefined, alternatives };
  state.corrected = null;
  showAnswer();
  tell('answer');
}

function offer(place, button) {
  const symbol = state.answer.symbols[place];
  const current = characters()[place];
  const menu = $('choices');
  const top = symbol.top.filter(([text]) => text !== ALPHABET.none);
  if (!top.length) return;
  if (!top.some(([text]) => text === symbol.text)) top.unshift([symbol.text, symbol.confidence]);
  menu.replaceChildren(...top.map(([text, probability]) => {
    const item = document.createElement('button');
    item.type = 'button';
    item.setAttribute('role', 'menuitemradio');
    item.setAttribute('aria-checked', text === current);
    item.dataset.character = text;
    const small = document.createElement('small');
    small.textContent = percent(probability);
    item.append(pretty(text), small);
    item.onclick = () => {
      menu.hidePopover();
      if (text === symbol.text) state.corrections.delete(symbolKey(symbol));
      else state.corrections.set(symbolKey(symbol), text);
      showAnswer();
      correct();
    };
    return item;
  }));
  showMenu(menu, button);
}

function showDigit() {
  const top = new Map(state.answer?.symbols?.[0]?.top ?? []);
  const likely = DIGITS.map((digit) => [digit, top.get(digit) ?? 0]);
  const sum = likely.reduce((sum, [, p]) => sum + p, 0);
  if (state.strokes.length) likely.push([t().otherShort, Math.max(0, 1 - sum)]); else likely.push([t().otherShort, 0]);
  const best = likely.reduce((one, other) => other[1] > one[1] ? other : one);
  const isDigit = best[1] > 0 && best[0] !== t().otherShort;
  $('digit').textContent = isDigit ? best[0] : best[1] > 0 ? '?' : '–';
  $('digit').className = isDigit ? '' : 'none';
  $('bars').replaceChildren(...likely.map(([digit, probability]) => {
    const item = document.createElement('li');
    const [number, bar] = [document.createElement('b'), document.createElement('span')];
    number.textContent = `${Math.round(probability * 100)}%`;
    bar.style.height = `${probability * 66}%`;
    if (probability > 0.005) item.classList.add('seen');
    if (digit === best[0] && best[1] > 0) item.classList.add('best');
    item.setAttribute('aria-label', `${digit === t().otherShort ? t().other : digit}: ${percent(probability)}`);
    item.append(number, bar, digit);
    return item;
  }));
  state.shown = isDigit ? `${best[0]}, ${percent(best[1])}` : best[1] > 0 ? t().other : '';
  say(state.shown);
}

export async function copy() {
  const value = result();
  const text = value && value.kind !== 'wrong' ? value.text : state.shown;
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context, as over --host 0.0.0.0.
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  $('copy').lastElementChild.textContent = t().copied;
  setTimeout(() => { $('copy').lastElementChild.textContent = t().copy; }, 1200);
  say(t().copied);
}

listen('drawing', askAboutDrawing);
listen('connected', () => askAboutDrawing());
listen('cleared', () => say(t().empty));
listen('words', showAnswer);
listen('mode', showAnswer);
