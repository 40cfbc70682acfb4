// The ink in a picture: a PNG that is saved here carries its strokes, as a line of NDJSON in an iTXt chunk.

const KEYWORD = 'Convoy ink';
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const HEADER = 33;                      // bytes of the signature and of IHDR, which comes first

/// CRC-32, as annex D of the PNG specification has it.
function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum >>> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

export const isPNG = (bytes) => SIGNATURE.every((byte, place) => bytes[place] === byte);

/// A PNG with a text in it.
export function withInk(bytes, text) {
  // A keyword ends with a zero; no compression; no language and no other name of the keyword.
  const content = new TextEncoder().encode(`iTXt${KEYWORD}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(content.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - 4);
  chunk.set(content, 4);
  view.setUint32(content.length + 4, checksum(content));
  return new Blob([bytes.slice(0, HEADER), chunk, bytes.slice(HEADER)], { type: 'image/png' });
}

/// The text that a PNG carries; null where it carries none, or is damaged.
export function inkOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = new TextEncoder().encode(`iTXt${KEYWORD}\0\0\0\0\0`);
  for (let place = SIGNATURE.length; place + 12 <= bytes.length;) {
    const end = place + 8 + view.getUint32(place);
    if (end + 4 > bytes.length) return null;
    const content = bytes.subarray(place + 4, end);
    if (start.every((byte, at) => content[at] === byte)) {
      if (checksum(content) !== view.getUint32(end)) return null;
      return new TextDecoder().decode(content.subarray(start.length));
    }
    place = end + 4;
  }
  return null;
}
