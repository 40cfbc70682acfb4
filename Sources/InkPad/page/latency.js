// ?debug: how long an answer takes, and the longest frame while a stroke was drawn.
import { $ } from './state.js';

const times = [];
let longest = 0;
let isWatching = false;
$('latency').hidden = !new URLSearchParams(location.search).has('debug');

/// From the pen's leaving the sheet to the answer in the page, in milliseconds.
export function timed(milliseconds) {
  times.push(milliseconds);
  if (times.length > 500) times.shift();
  show();
}

export const frames = {
  /// Looks how far frames are apart, from here on or no more.
  watch(isOn) {
    const wasWatching = isWatching;
    isWatching = isOn && !$('latency').hidden;
    if (!isWatching || wasWatching) return;
    let last = null;
    const frame = (now) => {
      if (last !== null && now - last > longest) {
        longest = now - last;
        show();
      }
      last = now;
      if (isWatching) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  },
};

function show() {
  const ordered = [...times].sort((one, other) => one - other);
  const median = ordered[ordered.length >> 1] ?? 0;
  const last = times.at(-1) ?? 0;
  Object.assign($('latency').dataset, {
    last: last.toFixed(2), median: median.toFixed(2), count: times.length, frame: longest.toFixed(1),
  });
  $('latency').textContent =
    `${last.toFixed(1)} ms, median ${median.toFixed(1)} of ${times.length}, longest frame ${longest.toFixed(0)} ms`;
}
