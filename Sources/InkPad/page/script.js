// ink-pad: a sheet to write on. Drawings go to the server over a WebSocket after each stroke, answers
// come back and are shown. No framework, and nothing is fetched from anywhere else.
'use strict';

const $ = (id) => document.getElementById(id);

// ---- Texts ------------------------------------------------------------------------------------------

const TEXTS = {
  en: {
    title: 'Ink pad', calculator: 'Calculator', digit: 'Digit', mode: 'What to read',
    answer: 'Answer', reading: 'Characters that were read', paper: 'Writing area', tools: 'Tools',
    hint: 'The answer appears here.', copy: 'Copy', copied: 'Copied', bars: 'How likely each digit is',
    invitation: 'Write a sum here, such as 12 × 3 + 4 =', invitationDigit: 'Write one digit here',
    undo: 'Undo (Ctrl+Z)', redo: 'Redo (Ctrl+Shift+Z)', eraser: 'Eraser (E)',
    groups: 'Show stroke groups (G)', files: 'Files', clear: 'Clear (Esc)',
    history: 'History', nothing: 'What you clear away is kept here.', forget: 'Forget all',
    choices: 'What it could be', saveNDJSON: 'Save as NDJSON', saveInkML: 'Save as InkML',
    savePNG: 'Save as PNG', upload: 'Open NDJSON …', others: 'or',
    other: 'no digit', otherShort: '…',
    yes: 'true', no: 'false', language: '中文', languageName: 'Switch to Chinese',
    lost: 'The connection is lost. Trying again …',
    down: 'The calculator has stopped. It is being started again …',
    failed: 'The calculator found no answer to this drawing.',
    refused: (why) => `The drawing was refused: ${why}`,
    badFile: (line) => `Line ${line} of the file is no drawing.`,
    emptyFile: 'The file has no drawing.',
    sheet: (n, text) => `Writing area, ${n} ${n === 1 ? 'stroke' : 'strokes'}. ${text}`,
    character: (c, p) => `${c}, ${p} sure. Choose another.`,
    tooLarge: 'The drawing is too large to be read.', empty: 'Cleared.',
  },
  zh: {
    title: '手写板', calculator: '计算器', digit: '单个数字', mode: '识别内容',
    answer: '结果', reading: '识别出的字符', paper: '书写区', tools: '工具',
    hint: '结果会显示在这里。', copy: '复制', copied: '已复制', bars: '每个数字的可能性',
    invitation: '在这里写算式，例如 12 × 3 + 4 =', invitationDigit: '在这里写一个数字',
    undo: '撤销 (Ctrl+Z)', redo: '重做 (Ctrl+Shift+Z)', eraser: '橡皮 (E)',
    groups: '显示笔画分组 (G)', files: '文件', clear: '清空 (Esc)',
    history: '历史', nothing: '清空的算式会保存在这里。', forget: '全部删除',
    choices: '可能的字符', saveNDJSON: '另存为 NDJSON', saveInkML: '另存为 InkML',
    savePNG: '另存为 PNG', upload: '打开 NDJSON …', others: '或',
    other: '不是数字', otherShort: '…',
    yes: '成立', no: '不成立', language: 'English', languageName: '切换到英文',
    lost: '连接已断开，正在重试……',
    down: '计算器已停止，正在重新启动……',
    failed: '计算器无法识别这幅图。',
    refused: (why) => `图形被拒绝：${why}`,
    badFile: (line) => `文件第 ${line} 行不是图形。`,
    emptyFile: '文件中没有图形。',
    sheet: (n, text) => `书写区，${n} 笔。${text}`,
    character: (c, p) => `${c}，把握 ${p}。选择其他字符。`,
    tooLarge: '图形太大，无法识别。', empty: '已清空。',
  },
};

// What is said of texts without a value and of messages that were refused, by the code that comes with
// it. English has the words of the tools themselves. `at` is the character that the error hangs on, and
// `before` the one before it.
const ERRORS = {
  zh: {
    'unknown-character': ({ at }) => `算式中不能有字符“${at}”`,
    'misplaced-start': ({ at }) => `算式不能以“${at}”开头`,
    'misplaced': ({ at, before }) => `“${before}”后面不能是“${at}”`,
    'unopened': () => '右括号没有对应的左括号',
    'unclosed': () => '左括号没有闭合',
    'unfinished': ({ at }) => `“${at}”后面还缺内容`,
    'missing-operator': () => '两个数之间缺少运算符',
    'too-long': () => '算式太长',
    'undefined': ({ at }) => `“${at}”这一步运算没有值`,
    'malformed-number': ({ at }) => `“${at}”处的数字写法不对`,
    'too-large': ({ at }) => `“${at}”这一步的结果太大，算不出来`,
    'undecided': () => '两个数太接近，无法判断是否相等',
    'unsure': () => '看不清这里写的是什么',
    'bad-message': () => '服务器看不懂这条消息',
    'bad-ink': () => '笔画数据有误',
    'too-many-strokes': () => '笔画太多',
  },
};

const remembered = {
  get(key) { try { return localStorage.getItem(`ink-pad.${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`ink-pad.${key}`, value); } catch { /* a full disk */ } },
};

let language = remembered.get('language')
  ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
if (!TEXTS[language]) language = 'en';
const t = () => TEXTS[language];
const percent = (p) => p > 0 && p < 0.005 ? '< 1 %' : `${Math.round(p * 100)} %`;
const printed = new Map(ALPHABET.entries.map(({ text, shown }) => [text, shown]));
const pretty = (text) => [...text].map((letter) => printed.get(letter) ?? letter).join('');
const DIGITS = ALPHABET.entries.filter(({ kind }) => kind === 'digit').map(({ text }) => text);
const EQUALS = ALPHABET.entries.find(({ kind }) => kind === 'equals').text;

function showTexts() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = t().title;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = t()[element.dataset.text];
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    const label = t()[element.dataset.label];
    element.setAttribute('aria-label', label);
    if (element.matches('button')) element.title = label;
  }
  $('language').textContent = t().language;
  $('language').setAttribute('aria-label', t().languageName);
  $('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  $('invitation').textContent = mode === 'digit' ? t().invitationDigit : t().invitation;
  showNotice();
  showAnswer();
  showHistory();
}

/// An error in the language of the page.
function localError(code, text, expression = '', position = 0) {
  const words = ERRORS[language]?.[code];
  if (!words) return text;
  const letters = [...expression];
  const before = letters.slice(0, Math.max(0, position - 1)).filter((letter) => letter.trim()).at(-1);
  return words({ at: pretty(letters[position - 1] ?? ''), before: pretty(before ?? '') });
}

// ---- The server -------------------------------------------------------------------------------------

let socket = null;
let retry = 300;
let lastNumber = 0;
const questions = new Map();            // number -> { kind, done }
const MESSAGE_LIMIT = 1 << 20;          // the server hangs up on longer ones
const health = { ink: 'starting', digit: 'starting', text: 'starting' };

function connect() {
  socket = new WebSocket(`ws://${location.host}/ws`);
  socket.onopen = () => {
    retry = 300;
    showNotice();
    askAboutDrawing();
  };
  socket.onmessage = (event) => receive(JSON.parse(event.data));
  socket.onclose = () => {
    for (const { done } of questions.values()) done(undefined);
    questions.clear();
    showNotice();
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, 5000);
  };
}

/// The answer; null where there is none, undefined where a newer question has overtaken this one or
/// the server is not there.
function ask(kind, content) {
  return new Promise((done) => {
    if (socket?.readyState !== WebSocket.OPEN) return done(undefined);
    const seq = ++lastNumber;
    const message = JSON.stringify({ type: kind, seq, ...content });
    if (message.length > MESSAGE_LIMIT) {
      showProblem(t().tooLarge);
      return done(null);
    }
    questions.set(seq, { kind, done });
    socket.send(message);
  });
}

function receive(message) {
  if (message.type === 'state') {
    health[message.of] = message.state;
    return showNotice();
  }
  if (message.type === 'refused') {
    // It does not say which question it was: none of those before it is waited for any more.
    for (const { done } of questions.values()) done(null);
    questions.clear();
    return showProblem(t().refused(localError(message.code, message.reason)));
  }
  for (const [seq, { kind, done }] of questions) {
    if (kind !== message.type || seq > message.seq) continue;
    questions.delete(seq);
    done(seq === message.seq ? message.answer && { ...message.answer, order: message.order } : undefined);
  }
}

let problem = '';
let problemTimer = 0;

function showProblem(text) {
  problem = text;
  clearTimeout(problemTimer);
  problemTimer = setTimeout(() => { problem = ''; showNotice(); }, 6000);
  showNotice();
}

function showNotice() {
  let text = problem;
  if (health[mode] === 'down' || mode === 'ink' && health.text === 'down') text = t().down;
  if (socket && socket.readyState > WebSocket.OPEN) text = t().lost;
  $('notice').hidden = !text;
  $('notice').textContent = text;
}

// ---- The drawing ------------------------------------------------------------------------------------

// A stroke is { id, points: [[x, y], ...] } and never changes; a drawing is an array of strokes.
let strokes = [];
let past = [];                          // what can be undone: { strokes, view }
let future = [];                        // and done again
let strokeCount = 0;
let view = { scale: 1, x: 0, y: 0 };    // from the drawing's units to the sheet's
let mode = remembered.get('mode') === 'digit' ? 'digit' : 'ink';

let answer = null;                      // of the drawing as it is, or of an older one for a moment
let corrected = null;                   // the answer with what was chosen by hand
const corrections = new Map();          // characters chosen by hand, by the strokes they stand for
let isAnswered = false;                 // whether the answer is of the drawing as it is

const newStroke = (points) => ({ id: ++strokeCount, points });
const wire = (drawing) => drawing.map((stroke) => stroke.points);

/// Before a change: what was there can be undone.
function keepForUndo(drawing = strokes) {
  past.push({ strokes: drawing, view });
  if (past.length > 500) past.shift();
  future = [];
}

function become(next, penUp = null) {
  strokes = next;
  isAnswered = false;
  paint();
  showTools();
  askAboutDrawing(penUp);
}

function undo() {
  if (!past.length) return;
  future.push({ strokes, view });
  restore(past.pop());
}

function redo() {
  if (!future.length) return;
  past.push({ strokes, view });
  restore(future.pop());
}

function restore(one) {
  ({ strokes, view } = one);
  fit(false);
  become(strokes);
}

function clear() {
  if (!strokes.length) return;
  remember();
  keepForUndo();
  view = { scale: 1, x: 0, y: 0 };
  become([]);
  say(t().empty);
}

/// Shows another drawing in place of this one, fitted into the sheet where it would not be seen.
function load(drawing) {
  remember();
  keepForUndo();
  view = { scale: 1, x: 0, y: 0 };
  strokes = drawing.map((points) => newStroke(points));
  fit(true);
  become(strokes);
}

async function askAboutDrawing(penUp = null) {
  const drawing = strokes;
  if (!drawing.length) {
    answer = corrected = null;
    isAnswered = true;
    return showAnswer();
  }
  const kind = mode;
  const found = await ask(kind, { strokes: wire(drawing) });
  if (found === undefined || drawing !== strokes || kind !== mode) return;
  answer = asRow(found);
  corrected = null;
  isAnswered = true;
  if (found === null && !problem) showProblem(t().failed);
  showAnswer();
  paint();
  if (penUp !== null) timed(performance.now() - penUp);
  correct();
}

// ---- The answer -------------------------------------------------------------------------------------

/// Which strokes a character has; one that is not of the pipeline has none.
const strokesOf = (symbol) => symbol.strokes ?? answer.order.slice(symbol.first, symbol.last);

const symbolKey = (symbol) => strokesOf(symbol).map((place) => strokes[place]?.id).sort().join(' ');

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

const characters = () => (answer?.symbols ?? []).map((symbol) =>
  corrections.get(symbolKey(symbol)) ?? symbol.text);

/// How sure a character is; where it was chosen by hand, what the network gave it.
const sureness = (symbol, text) => text === symbol.text ? symbol.confidence
  : symbol.top.find(([one]) => one === text)?.[1] ?? 0;

/// Evaluates the text anew where characters were chosen by hand.
async function correct() {
  if (mode !== 'ink' || !answer?.symbols?.length) return;
  const text = characters().join('');
  if (text === answer.symbols.map((symbol) => symbol.text).join('')) {
    corrected = null;
    paint();
    return showAnswer();
  }
  const asked = answer;
  const found = await ask('text', { text });
  if (!found || asked !== answer) return;
  corrected = found;
  paint();
  showAnswer();
}

/// The value to show behind the characters that were read.
function result() {
  const found = corrected ?? answer;
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

let shown = '';

function showAnswer() {
  $('calculation').hidden = mode !== 'ink';
  $('digits').hidden = mode !== 'digit';
  if (mode === 'digit') showDigit(); else showReading();
  const n = strokes.length;
  $('sheet').setAttribute('aria-label', t().sheet(n, shown));
}

function showReading() {
  const symbols = answer?.symbols ?? [];
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
    button.className = corrections.has(symbolKey(symbol)) ? 'chosen'
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

  const others = corrected || !answer ? [] : (answer.alternatives ?? []).filter((other) => !other.error);
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
  const text = (corrected ?? answer)?.text ?? '';
  shown = value?.kind === 'wrong' ? `${text}: ${value.text}`
    : value?.kind === 'truth' ? `${text}: ${value.text}` : text;
  say(shown);
}

/// Takes another reading of the whole: the one that was shown becomes one of the others.
function pick(other) {
  const found = corrected ?? answer;
  const alternatives = [found, ...answer.alternatives.filter((one) => one !== other)];
  // Where each of its characters is one that those strokes could be, it stands for the same strokes.
  const letters = [...other.expression];
  const read = answer.symbols.map((symbol) => symbol.text);
  const rest = read.at(-1) === EQUALS && letters.length === read.length - 1 ? [...letters, EQUALS] : letters;
  const couldBe = (text, { text: first, top }) => text === first || top.some(([one]) => one === text);
  if (rest.length === read.length && rest.every((text, place) => couldBe(text, answer.symbols[place]))) {
    answer.symbols.forEach((symbol, place) => {
      if (rest[place] !== symbol.text) corrections.set(symbolKey(symbol), rest[place]);
    });
    return correct();
  }
  answer = { ...answer, ...other, symbols: rest.map((text) => (
    { text, strokes: [], box: null, confidence: other.confidence, top: [] })), marks: undefined, alternatives };
  corrected = null;
  showAnswer();
  paint();
}

function offer(place, button) {
  const symbol = answer.symbols[place];
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
      if (text === symbol.text) corrections.delete(symbolKey(symbol));
      else corrections.set(symbolKey(symbol), text);
      showAnswer();
      correct();
    };
    return item;
  }));
  showMenu(menu, button);
}

function showDigit() {
  const top = new Map(answer?.symbols?.[0]?.top ?? []);
  const likely = DIGITS.map((digit) => [digit, top.get(digit) ?? 0]);
  const sum = likely.reduce((sum, [, p]) => sum + p, 0);
  if (strokes.length) likely.push([t().otherShort, Math.max(0, 1 - sum)]); else likely.push([t().otherShort, 0]);
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
  shown = isDigit ? `${best[0]}, ${percent(best[1])}` : best[1] > 0 ? t().other : '';
  say(shown);
}

let sayTimer = 0;

/// For screen readers: after a while, so that only what stays is read out.
function say(text) {
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => { if (text) $('said').textContent = text; }, 400);
}

async function copy() {
  const value = result();
  const text = value && value.kind !== 'wrong' ? value.text : shown;
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

// ---- Painting ---------------------------------------------------------------------------------------

const sheet = $('sheet');
const canvas = sheet.getContext('2d', { desynchronized: false });
const PEN = 3.4;
let density = 1;
let current = null;                     // the stroke that is being drawn, in the drawing's units
let showsGroups = remembered.get('groups') === 'yes';

const toSheet = ([x, y]) => [x * view.scale + view.x, y * view.scale + view.y];
const toDrawing = ([x, y]) => [
  Math.round((x - view.x) / view.scale * 100) / 100, Math.round((y - view.y) / view.scale * 100) / 100];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/// A smooth line through points: curves between the middles of their neighbours.
function trace(target, points, width) {
  target.beginPath();
  const [first, ...rest] = points;
  target.moveTo(...first);
  if (!rest.length) target.lineTo(first[0] + 0.01, first[1]);
  rest.forEach((point, place) => {
    const next = rest[place + 1];
    if (next) target.quadraticCurveTo(...point, (point[0] + next[0]) / 2, (point[1] + next[1]) / 2);
    else target.lineTo(...point);
  });
  target.lineWidth = width;
  target.lineCap = target.lineJoin = 'round';
  target.stroke();
}

function paint() {
  canvas.setTransform(density, 0, 0, density, 0, 0);
  canvas.clearRect(0, 0, sheet.width, sheet.height);
  const colours = strokeColours();
  canvas.strokeStyle = colour('--ink');
  const ink = canvas.strokeStyle;
  for (const stroke of strokes) {
    canvas.strokeStyle = colours.get(stroke) ?? ink;
    trace(canvas, stroke.points.map(toSheet), PEN);
  }
  if (current?.length) {
    canvas.strokeStyle = ink;
    trace(canvas, current.map(toSheet), PEN);
  }
  if (colours.size) paintBoxes();
  $('invitation').hidden = strokes.length > 0 || current !== null;
}

const groupColour = (place) => colour(`--g${place % 6}`);

function strokeColours() {
  const colours = new Map();
  if (!showsGroups || mode !== 'ink' || !isAnswered || !answer?.symbols) return colours;
  (answer.marks ?? answer.symbols).forEach((symbol, place) => {
    for (const stroke of strokesOf(symbol)) {
      if (strokes[stroke]) colours.set(strokes[stroke], groupColour(place));
    }
  });
  return colours;
}

function paintBoxes() {
  const marks = answer.marks ?? answer.symbols;
  const texts = answer.marks ? marks.map((symbol) => symbol.text) : characters();
  canvas.font = '600 14px system-ui, sans-serif';
  canvas.lineWidth = 1.2;
  marks.forEach((symbol, place) => {
    if (!symbol.box) return;
    const margin = 8;
    const [x0, y0] = toSheet(symbol.box.slice(0, 2));
    const [x1, y1] = toSheet(symbol.box.slice(2));
    canvas.strokeStyle = canvas.fillStyle = groupColour(place);
    canvas.beginPath();
    canvas.roundRect(x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin, 6);
    canvas.stroke();
    const label = `${pretty(texts[place])}  ${percent(sureness(symbol, texts[place]))}`;
    const isRoom = canvas.measureText(label).width <= x1 - x0 + 2 * margin;
    canvas.fillText(isRoom ? label : pretty(texts[place]), x0 - margin, y0 - margin - 6);
  });
}

/// One canvas pixel is one pixel of the display, at any zoom.
new ResizeObserver(([entry]) => {
  const { width, height } = entry.contentRect;
  const exact = entry.devicePixelContentBoxSize?.[0];
  // Where a display is only emulated, the exact size is that of the real one.
  const isExact = exact && Math.abs(exact.inlineSize - width * devicePixelRatio) < 2;
  sheet.width = isExact ? exact.inlineSize : Math.round(width * devicePixelRatio);
  sheet.height = isExact ? exact.blockSize : Math.round(height * devicePixelRatio);
  density = width ? sheet.width / width : devicePixelRatio;
  fit(false);
  paint();
}).observe(sheet, observedBox());

function observedBox() {
  const isKnown = typeof ResizeObserverEntry !== 'undefined'
    && 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype;
  return { box: isKnown ? 'device-pixel-content-box' : 'content-box' };
}

function boxOf(drawing) {
  const points = drawing.flatMap((stroke) => stroke.points);
  return points.reduce(([x0, y0, x1, y1], [x, y]) => [
    Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y),
  ], [Infinity, Infinity, -Infinity, -Infinity]);
}

/// Brings the drawing into view: always, or only where a part of it would be outside.
function fit(always) {
  if (!strokes.length || !sheet.clientWidth) return;
  const [x0, y0, x1, y1] = boxOf(strokes);
  const [left, top] = toSheet([x0, y0]);
  const [right, bottom] = toSheet([x1, y1]);
  const { clientWidth: width, clientHeight: height } = sheet;
  const isSeen = left >= 0 && top >= 0 && right <= width && bottom <= height;
  if (!always && isSeen) return;
  const scale = Math.min(
    (width - 60) / Math.max(x1 - x0, 1e-9), (height - 150) / Math.max(y1 - y0, 1e-9),
    always ? 160 / Math.max(y1 - y0, 1e-9) : Infinity);
  view = {
    scale: scale > 0 ? scale : 1,
    x: width / 2 - scale * (x0 + x1) / 2, y: (height - 50) / 2 - scale * (y0 + y1) / 2,
  };
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);

// ---- The pen ----------------------------------------------------------------------------------------

const ERASER = 9;                       // how near the eraser must come, in CSS pixels
let pointer = null;                     // the pointer that draws
let isErasing = false;                  // by the tool, the pen's other end or the right button
let erasedFrom = null;                  // the drawing before the eraser came down
let lastPen = -Infinity;
let isEraser = false;

sheet.addEventListener('pointerdown', (event) => {
  if (pointer !== null || !event.isPrimary || ![0, 2, 5].includes(event.button)) return;
  // A hand that rests beside a pen is no finger.
  if (event.pointerType === 'pen') lastPen = event.timeStamp;
  else if (event.pointerType === 'touch' && event.timeStamp - lastPen < 1000) return;
  sheet.setPointerCapture(event.pointerId);
  pointer = event.pointerId;
  isErasing = isEraser || event.button !== 0;
  current = isErasing ? null : [];
  erasedFrom = isErasing ? strokes : null;
  lastErased = null;
  follow(event);
});

sheet.addEventListener('pointermove', (event) => {
  if (event.pointerId !== pointer) return;
  if (event.pointerType === 'pen') lastPen = event.timeStamp;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const one of events.length ? events : [event]) follow(one);
  paintSoon();
});

sheet.addEventListener('pointerup', (event) => {
  if (event.pointerId !== pointer) return;
  pointer = null;
  if (isErasing) return finishErasing();
  const points = current;
  current = null;
  if (!points.length) return;
  const struck = strokesStruckBy(points);
  keepForUndo();
  become(struck.size ? strokes.filter((stroke) => !struck.has(stroke)) : [...strokes, newStroke(points)],
    event.timeStamp);
});

/// Takes back what the pen has done since it came down.
function abandon() {
  pointer = null;
  current = null;
  if (isErasing && strokes !== erasedFrom) become(erasedFrom);
  isErasing = false;
  paint();
}

sheet.addEventListener('pointercancel', (event) => {
  if (event.pointerId !== pointer) return;
  pointer = null;
  current = null;
  if (isErasing) finishErasing();
  paint();
});

sheet.addEventListener('contextmenu', (event) => event.preventDefault());

let isPaintDue = false;

function paintSoon() {
  if (isPaintDue) return;
  isPaintDue = true;
  requestAnimationFrame(() => { isPaintDue = false; paint(); });
}

function follow(event) {
  const frame = sheet.getBoundingClientRect();
  const place = [event.clientX - frame.left, event.clientY - frame.top];
  if (isErasing) return erase(place);
  const point = toDrawing(place);
  const last = current.at(-1);
  if (last && last[0] === point[0] && last[1] === point[1]) return;
  current.push(point);
}

let lastErased = null;

function erase(place) {
  const path = [lastErased ?? place, place];
  lastErased = place;
  const kept = strokes.filter((stroke) => !isNear(stroke.points.map(toSheet), path));
  if (kept.length === strokes.length) return;
  strokes = kept;
  isAnswered = false;
  paintSoon();
}

function finishErasing() {
  isErasing = false;
  if (strokes === erasedFrom) return;
  keepForUndo(erasedFrom);
  become(strokes);
}

function isNear(points, [from, to]) {
  const segments = points.length > 1 ? points.slice(1).map((point, i) => [points[i], point]) : [[points[0], points[0]]];
  return segments.some(([a, b]) => crosses(a, b, from, to)
    || [[a, from, to], [b, from, to], [from, a, b], [to, a, b]].some((three) => distance(...three) < ERASER));
}

function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

function crosses(a, b, c, d) {
  const side = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/// The strokes that a scribble strikes through: it goes to and fro along one direction and turns five
/// times or more, which no character does; what it takes away lies under it, for the most part.
function strokesStruckBy(points) {
  const struck = new Set();
  const path = points.map(toSheet);
  if (Math.max(turns(path, 0), turns(path, 1)) < 5) return struck;
  const [x0, y0, x1, y1] = boxOf([{ points: path }]);
  const isInside = ([x, y]) => x > x0 - ERASER && x < x1 + ERASER && y > y0 - ERASER && y < y1 + ERASER;
  for (const stroke of strokes) {
    const other = stroke.points.map(toSheet);
    const isTouched = path.some((point, place) => place && isNear(other, [path[place - 1], point]));
    if (isTouched && other.filter(isInside).length >= 0.6 * other.length) struck.add(stroke);
  }
  return struck;
}

/// How often a path turns along one axis; a turn is one where it goes back at least a third of its way.
function turns(path, axis) {
  const places = path.map((point) => point[axis]);
  const step = 0.3 * (Math.max(...places) - Math.min(...places));
  let count = 0;
  let direction = 0;
  let extreme = places[0];
  for (const place of places) {
    const moved = place - extreme;
    if (Math.sign(moved) === direction) {
      extreme = place;
    } else if (Math.abs(moved) > step) {
      if (direction !== 0) count += 1;
      direction = Math.sign(moved);
      extreme = place;
    }
  }
  return count;
}

// ---- History ----------------------------------------------------------------------------------------

let entries = [];
try { entries = JSON.parse(remembered.get('history') ?? '[]'); } catch { /* nothing is remembered */ }
entries = Array.isArray(entries)
  ? entries.filter((entry) => typeof entry?.text === 'string' && isDrawing(entry)) : [];

/// Keeps the drawing with its answer, before another takes its place.
function remember() {
  if (!strokes.length || !isAnswered || !shown) return;
  keep(shown, wire(strokes));
}

function keep(text, drawing) {
  entries = entries.filter((entry) => JSON.stringify(entry.strokes) !== JSON.stringify(drawing));
  entries.unshift({ text, strokes: drawing });
  entries = entries.slice(0, 60);
  saveHistory();
  showHistory();
}

function saveHistory() {
  let text = JSON.stringify(entries);
  // What the browser keeps is limited: older drawings make room.
  for (let count = entries.length; text.length > 1_000_000 && count > 0; count -= 1) {
    text = JSON.stringify(entries.slice(0, count));
  }
  remembered.set('history', text);
}

function showHistory() {
  $('nothing').hidden = entries.length > 0;
  $('forget').hidden = !entries.length;
  $('history').replaceChildren(...entries.map((entry) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    const text = document.createElement('span');
    button.type = 'button';
    text.textContent = pretty(entry.text);
    button.append(thumbnail(entry.strokes), text);
    button.title = entry.text;
    button.onclick = () => load(entry.strokes);
    item.append(button);
    return item;
  }));
}

function thumbnail(drawing) {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const [x0, y0, x1, y1] = boxOf(drawing.map((points) => ({ points })));
  const margin = 0.06 * Math.max(x1 - x0, y1 - y0, 1e-9);
  picture.setAttribute('viewBox',
    [x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin].join(' '));
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', drawing.map((points) =>
    `M${points.map((point) => point.join(' ')).join('L')}${points.length === 1 ? 'h0' : ''}`).join(''));
  picture.append(path);
  return picture;
}

// ---- Files ------------------------------------------------------------------------------------------

const stamp = () => new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');

function save(content, type, extension) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = `ink-${stamp()}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function ndjson() { return `${JSON.stringify({ id: stamp(), strokes: wire(strokes) })}\n`; }

function inkml() {
  const traces = strokes.map((stroke, place) =>
    `  <trace id="s${place}">${stroke.points.map((point) => point.join(' ')).join(', ')}</trace>\n`);
  return '<?xml version="1.0" encoding="UTF-8"?>\n<ink xmlns="http://www.w3.org/2003/InkML">\n'
    + '  <traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>\n'
    + `${traces.join('')}</ink>\n`;
}

/// Dark on white, in twice the sheet's pixels, around what is drawn.
function savePNG() {
  const [x0, y0, x1, y1] = boxOf(strokes.map((stroke) => ({ points: stroke.points.map(toSheet) })));
  const margin = 20;
  const picture = document.createElement('canvas');
  picture.width = Math.ceil(2 * (x1 - x0 + 2 * margin));
  picture.height = Math.ceil(2 * (y1 - y0 + 2 * margin));
  const target = picture.getContext('2d');
  target.fillStyle = 'white';
  target.fillRect(0, 0, picture.width, picture.height);
  target.setTransform(2, 0, 0, 2, 2 * (margin - x0), 2 * (margin - y0));
  target.strokeStyle = 'black';
  for (const stroke of strokes) trace(target, stroke.points.map(toSheet), PEN);
  picture.toBlob((blob) => save(blob, 'image/png', 'png'), 'image/png');
}

function isDrawing(value) {
  return Array.isArray(value?.strokes)
    && value.strokes.every((stroke) => Array.isArray(stroke) && stroke.length > 0
      && stroke.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)));
}

/// Shows the first drawing of a file; the others go to the history, answered.
async function open(file) {
  const drawings = [];
  const lines = (await file.text()).split('\n');
  for (const [place, line] of lines.entries()) {
    if (!line.trim()) continue;
    let value = null;
    try { value = JSON.parse(line); } catch { /* told below */ }
    if (!isDrawing(value)) return showProblem(t().badFile(place + 1));
    if (value.strokes.length) drawings.push(value.strokes);
  }
  if (!drawings.length) return showProblem(t().emptyFile);
  for (const drawing of drawings.slice(1, 60).reverse()) {
    const found = await ask('ink', { strokes: drawing });
    keep(found?.text || '…', drawing);
  }
  load(drawings[0]);
}

// ---- Menus, tools and keys --------------------------------------------------------------------------

function showMenu(menu, anchor) {
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute('aria-expanded', 'true');
  menu.addEventListener('toggle', () => anchor.setAttribute('aria-expanded', 'false'), { once: true });
  (menu.querySelector('[aria-checked="true"]') ?? menu.querySelector('button'))?.focus();
}

function place(menu, anchor) {
  const frame = anchor.getBoundingClientRect();
  const below = frame.bottom + 6;
  const top = below + menu.offsetHeight < innerHeight ? below : frame.top - menu.offsetHeight - 6;
  menu.style.left = `${Math.max(8, Math.min(frame.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}

for (const menu of document.querySelectorAll('[role="menu"]')) {
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll('button:not(:disabled)')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
}

$('file-menu').addEventListener('toggle', (event) => {
  if (event.newState !== 'open') return;
  place($('file-menu'), $('files'));
  $('file-menu').querySelector('button:not(:disabled)').focus();
});

function showTools() {
  $('undo').disabled = !past.length;
  $('redo').disabled = !future.length;
  $('clear').disabled = !strokes.length;
  for (const id of ['save-ndjson', 'save-inkml', 'save-png']) $(id).disabled = !strokes.length;
  $('eraser').setAttribute('aria-pressed', isEraser);
  $('groups').setAttribute('aria-pressed', showsGroups);
  $('groups').hidden = mode !== 'ink';
  $('paper').classList.toggle('erasing', isEraser);
  for (const one of ['ink', 'digit']) {
    $(`mode-${one}`).setAttribute('aria-checked', mode === one);
    $(`mode-${one}`).tabIndex = mode === one ? 0 : -1;
  }
}

function setMode(next) {
  if (mode === next) return;
  mode = next;
  remembered.set('mode', mode);
  answer = corrected = null;
  $('invitation').textContent = mode === 'digit' ? t().invitationDigit : t().invitation;
  showTools();
  showAnswer();
  showNotice();
  become(strokes);
}

function toggleEraser() { isEraser = !isEraser; showTools(); }

function toggleGroups() {
  showsGroups = !showsGroups;
  remembered.set('groups', showsGroups ? 'yes' : 'no');
  showTools();
  paint();
}

const actions = {
  undo, redo, clear, copy,
  eraser: toggleEraser,
  groups: toggleGroups,
  language() {
    language = language === 'zh' ? 'en' : 'zh';
    remembered.set('language', language);
    showTexts();
  },
  forget() { entries = []; saveHistory(); showHistory(); },
  'mode-ink': () => setMode('ink'),
  'mode-digit': () => setMode('digit'),
  'save-ndjson': () => save(ndjson(), 'application/x-ndjson', 'ndjson'),
  'save-inkml': () => save(inkml(), 'application/inkml+xml', 'inkml'),
  'save-png': savePNG,
  upload: () => $('file').click(),
};
for (const [id, action] of Object.entries(actions)) {
  $(id).addEventListener('click', () => {
    if ($(id).closest('[popover]')) $(id).closest('[popover]').hidePopover();
    action();
  });
}

for (const one of ['ink', 'digit']) {
  $(`mode-${one}`).addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    setMode(one === 'ink' ? 'digit' : 'ink');
    $(`mode-${mode}`).focus();
  });
}

$('file').addEventListener('change', () => {
  const [file] = $('file').files;
  if (file) open(file);
  $('file').value = '';
});
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) open(file);
});

addEventListener('keydown', (event) => {
  if (document.querySelector(':popover-open')) return;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (pointer !== null) {
    // Nothing else changes while the pen is down.
    if (key === 'escape') abandon();
  } else if (control && key === 'z') {
    event.preventDefault();
    if (event.shiftKey) redo(); else undo();
  } else if (control && key === 'y') {
    event.preventDefault();
    redo();
  } else if (control && key === 'c' && !String(getSelection())) {
    event.preventDefault();
    copy();
  } else if (key === 'escape') {
    clear();
  } else if (!control && !event.altKey && key === 'e') {
    toggleEraser();
  } else if (!control && !event.altKey && key === 'g' && mode === 'ink') {
    toggleGroups();
  }
});

// ---- ?debug: how long an answer takes ----------------------------------------------------------------

const times = [];
const isDebugging = new URLSearchParams(location.search).has('debug');
$('latency').hidden = !isDebugging;

/// From the pen's leaving the sheet to the answer in the page, in milliseconds.
function timed(milliseconds) {
  times.push(milliseconds);
  if (times.length > 500) times.shift();
  const ordered = [...times].sort((one, other) => one - other);
  const median = ordered[ordered.length >> 1];
  Object.assign($('latency').dataset, { last: milliseconds.toFixed(2), median: median.toFixed(2), count: times.length });
  $('latency').textContent = `${milliseconds.toFixed(1)} ms, median ${median.toFixed(1)} of ${times.length}`;
}

showTexts();
showTools();
paint();
connect();
