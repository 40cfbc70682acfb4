// What was read and what it comes to: asked after each change, and what of it is to be shown.
import { listen, state, tell } from './state.js';
import { problemText, spoken, t } from './words.js';
import { ask, isTroubled, showProblem } from './conversation.js';
import { record } from './ink.js';
import { timed } from './latency.js';

export const EQUALS = ALPHABET.entries.find(({ kind }) => kind === 'equals').text;

async function askAboutDrawing(penUp = null) {
  const { strokes, chosen, mode } = state;
  if (!strokes.length) return take(null);
  const question = mode === 'ink' ? record() : { strokes: record().strokes };
  const found = await ask(mode, question);
  if (found === undefined || strokes !== state.strokes || chosen !== state.chosen || mode !== state.mode) return;
  if (found === null && !isTroubled()) showProblem(t().failed, true);
  take(found);
  if (penUp !== null) timed(performance.now() - penUp);
}

function take(found) {
  state.answer = found;
  state.isAnswered = true;
  state.characters = state.mode === 'ink' && found ? charactersOf(found) : [];
  tell('answer');
}

/// The characters of an answer, by line. A character that was chosen by hand keeps what the network saw.
function charactersOf(found) {
  return linesOf(found).flatMap((line, place) => (line.symbols ?? []).filter(({ box }) => box).map((symbol) => {
    const ids = symbol.strokes.map((stroke) => state.strokes[stroke]?.id);
    const choice = state.chosen.find((one) =>
      one.ids.length === ids.length && one.ids.every((id) => ids.includes(id)));
    return {
      line: place, ids, text: symbol.text, box: symbol.box, isChosen: choice !== undefined,
      read: choice ? choice.read : symbol.text, top: choice ? choice.top : symbol.top,
      confidence: symbol.confidence,
    };
  }));
}

/// The lines of an answer; one that was read as nothing has none.
const linesOf = (found) => (found?.lines ?? [found]).filter((line) => line?.expression !== undefined);

/// The lines to show: what was typed, or what was read, each with what was tried in its place.
export function lines() {
  if (state.mode !== 'ink') return [];
  if (state.typed) return linesOf(state.typed).map((line) => ({ ...line, isTyped: true }));
  return linesOf(state.answer).map((line, place) => state.tried?.line === place ? state.tried.answer : line);
}

/// The drawing as a text, whatever is shown in its place.
export const readText = () => linesOf(state.answer).map(lineText).join('; ');

/// Readings of the whole that are likely enough to be offered.
export function alternatives() {
  if (state.typed || state.tried) return [];
  return (state.answer?.alternatives ?? []).filter((other) => !other.error && other.confidence >= 0.05);
}

// ---- What a line comes to ---------------------------------------------------------------------------

/// What can still be completed is not wrong; and nothing is before the pen has rested for a while.
const isBegun = ({ code }) => ['unfinished', 'unclosed'].includes(code) || state.isWriting;
const PAUSE = 1500;                     // in milliseconds
let pauseTimer = 0;

function write() {
  clearTimeout(pauseTimer);
  state.isWriting = true;
}

function rest() {
  clearTimeout(pauseTimer);
  pauseTimer = setTimeout(() => {
    state.isWriting = false;
    tell('answer');
  }, PAUSE);
}

/// What the pen did not draw is a whole at once.
function noteChange(penUp) {
  if (penUp !== null) return rest();
  clearTimeout(pauseTimer);
  state.isWriting = false;
}

/// What to show behind a line: `kind` is number, truth, writing, unsure, wrong or nothing. A number has
/// `forms`, the usual one first: each a text and whether it is exact.
export function outcome(line) {
  if (line.error) {
    if (isBegun(line)) return { kind: 'writing', text: t().writing };
    return { kind: line.code === 'unsure' ? 'unsure' : 'wrong', text: problemText(line) };
  }
  if (line.value === 'true' || line.value === 'false') {
    return { kind: 'truth', isTrue: line.value === 'true', text: t()[line.value === 'true' ? 'yes' : 'no'] };
  }
  // A number by itself comes to nothing else.
  if ((line.value ?? null) === null || line.text === line.expression) return { kind: 'nothing', text: '' };
  return { kind: 'number', forms: forms(line) };
}

function forms({ text, expression, value, decimal }) {
  // A value that has no exact form is about so much, to as many figures as are well seen.
  if (text === `${expression}≈${value}` && decimal !== null) return [approximate(decimal)];
  const said = text.startsWith(`${expression}${EQUALS}`) ? text.slice(expression.length + EQUALS.length) : value;
  const exact = { text: said, isExact: true };
  const rounded = decimalForm(decimal);
  const isPlain = /^-?\d+$/.test(value) && value.length <= 15 || value === '∞' || !rounded;
  if (isPlain) return [exact];
  // 0.3 is exact as it is, and a fraction all the same.
  if (/^-?\d*\.\d+$/.test(said)) return [exact, { text: value, isExact: true }];
  // √2 is nothing new behind √2.
  return value === expression || /^-?\d{25,}$/.test(value) ? [rounded, exact] : [exact, rounded];
}

/// A decimal number to four places, or to as many figures where it is very small or large.
function decimalForm(number) {
  if (number === null || !Number.isFinite(number)) return null;
  const size = Math.abs(number);
  if (size >= 1e12 || size > 0 && size < 1e-3) {
    const [figures, power] = number.toExponential(4).split('e');
    return { text: `${Number(figures)}×10^${Number(power)}`, isExact: false };
  }
  const text = String(Number(number.toFixed(4)));
  return { text, isExact: Number(text) === number };
}

function approximate(number) {
  const size = Math.abs(number);
  if (size >= 1e12 || size < 1e-3) return decimalForm(number);
  return { text: String(Number(number.toPrecision(12))), isExact: false };
}

/// A line as a text, with its value or why it has none.
export function lineText(line) {
  const found = outcome(line);
  if (hasValue(found)) return line.text;
  return `${line.text}: ${found.text}`;
}

/// A line as it is read out: what is written is put into words, and not the sentence that is said of it.
export function lineInWords(line) {
  const found = outcome(line);
  if (hasValue(found)) return spoken(line.text);
  return `${spoken(line.text)}: ${line.error ? problemText(line, spoken) : found.text}`;
}

const hasValue = ({ kind }) => ['number', 'nothing', 'writing'].includes(kind);

listen('pen down', write);
listen('pen up', rest);
listen('drawing', noteChange);
listen('drawing', askAboutDrawing);
listen('connected', () => askAboutDrawing());
