// The search page. Reads the index that the archive publishes below search/i/, whose format the program
// describes, and shows what it finds. Loads nothing until there is something to look for.

// --- Words: the same steps as when the index was made. ---

const DROPPED = /[\u00AD\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u061C\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u2064\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]/g;
const LETTERS = {
  'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ø': 'o', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ł': 'l', 'ħ': 'h',
  'ŧ': 't', 'ı': 'i', 'ĸ': 'k', 'ŋ': 'n', 'ς': 'σ', 'ך': 'כ', 'ם': 'מ', 'ן': 'נ', 'ף': 'פ',
  'ץ': 'צ', 'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ې': 'ي', 'ة': 'ه', 'ۀ': 'ه', 'ە': 'ه', 'ہ': 'ه',
  'ھ': 'ه', 'ک': 'ك', '’': "'", 'ʼ': "'", '‘': "'", '׳': "'", '״': '"', '‐': '-',
};
const DIGITS = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50];

export function fold(text) {
  let folded = '';
  for (const character of text.normalize('NFKD').toLowerCase().replace(DROPPED, '')) {
    const code = character.codePointAt(0);
    const zero = code > 0x65F && code < 0xE5A ? DIGITS.find((zero) => code >= zero && code < zero + 10) : undefined;
    folded += zero === undefined ? LETTERS[character] ?? character : code - zero;
  }
  return folded.normalize('NFC');
}

const RUN = /[\p{Alphabetic}\p{N}\p{M}]+(?:['\-.,_"][\p{Alphabetic}\p{N}\p{M}]+)*/gu;
const UNSPACED = /[\u0E01-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3031-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;
const LONGEST = 40;

// Hands out each word, and whether it is several that were joined.
export function eachWord(text, found) {
  const give = (word, joined) => [...word].length <= LONGEST && found(word, joined);
  for (const [match] of fold(text).matchAll(RUN)) {
    const run = match.endsWith("'s") ? match.slice(0, -2) : match;
    const parts = run.split(/['\-.,_"]/).filter((part) => part);
    for (const part of parts) byScript(part, (word) => give(word, false));
    const together = parts.join('');
    if (parts.length > 1 && !UNSPACED.test(together)) give(together, true);
  }
}

function byScript(word, found) {
  let spaced = '';
  const characters = [...word];
  characters.forEach((character, at) => {
    if (!UNSPACED.test(character)) {
      spaced += character;
      return;
    }
    if (spaced) found(spaced);
    spaced = '';
    const next = characters[at + 1];
    found(next && UNSPACED.test(next) ? character + next : character);
  });
  if (spaced) found(spaced);
}

const plainWords = (text) => {
  const words = [];
  eachWord(text, (word, joined) => joined || words.push(word));
  return words;
};

// --- Queries. ---

// The digits of the archive's own pages, whatever the language.
const LATIN = { numberingSystem: 'latn' };
const FACETS = ['outlet', 'author', 'tag', 'story', 'lang', 'kind'];
const QUOTES = '"“”„«»';
const DAY = 864e5;
const EPOCH = Date.UTC(1800, 0, 1);
const dayNumber = (time) => Math.max(0, Math.round((time - EPOCH) / DAY));

export const facetWord = (facet, value) => `${facet}:${plainWords(value).join('-')}`;

export function readQuery(typed) {
  const query = { clauses: [], from: null, until: null };
  const narrow = (from, until) => {
    if (from !== null) query.from = Math.max(query.from ?? 0, dayNumber(from));
    if (until !== null) query.until = Math.min(query.until ?? Infinity, dayNumber(until));
  };
  for (const part of queryParts([...typed].slice(0, 2000).join(''))) {
    const { excluded, name, text, quoted } = part;
    const push = (wanted) => query.clauses.push({ ...wanted, excluded });
    const when = period(text);
    if (name === 'before' || name === 'after') {
      if (when) name === 'before' ? narrow(null, when[0]) : narrow(when[1], null);
      continue;
    }
    if (FACETS.includes(name)) {
      push({ kind: 'word', words: [facetWord(name, text)] });
      continue;
    }
    if (name) wordClauses(name, push);
    if (when && !excluded && !quoted && /[/.-]/.test(text)) {
      narrow(...when);
    } else if (quoted) {
      const words = plainWords(text);
      if (words.length) push({ kind: words.length > 1 ? 'phrase' : 'word', words });
    } else {
      wordClauses(text, push);
    }
  }
  query.clauses.length = Math.min(query.clauses.length, 32);
  return query;
}

function* queryParts(typed) {
  let rest = typed.trimStart();
  while (rest) {
    const part = { excluded: false, name: null, text: '', quoted: false };
    if (/^-\S/.test(rest)) {
      part.excluded = true;
      rest = rest.slice(1);
    }
    const word = rest.match(new RegExp(`^[^\\s${QUOTES}]*`))[0];
    const colon = word.indexOf(':');
    if (colon > 0) {
      part.name = word.slice(0, colon).toLowerCase();
      rest = rest.slice(colon + 1);
    }
    if (rest && QUOTES.includes(rest[0])) {
      const end = rest.slice(1).search(new RegExp(`[${QUOTES}]`));
      part.text = end < 0 ? rest.slice(1) : rest.slice(1, end + 1);
      part.quoted = true;
      rest = end < 0 ? '' : rest.slice(end + 1).replace(new RegExp(`^[${QUOTES}]+`), '');
    } else {
      part.text = rest.match(/^\S*/)[0];
      rest = rest.slice(part.text.length);
    }
    yield part;
    rest = rest.trimStart();
  }
}

function wordClauses(text, push) {
  const prefix = text.endsWith('*');
  let words = [];
  let together = null;
  eachWord(prefix ? text.slice(0, -1) : text, (word, joined) => {
    if (joined) together = word;
    else words.push(word);
  });
  if (together !== null) words = [together];
  if (words.some((word) => UNSPACED.test([...word][0]))) {
    const single = (word) => [...word].length === 1 && UNSPACED.test(word);
    if (words.length > 1 && single(words.at(-1))) words.pop();
    const kind = words.length > 1 ? 'phrase' : single(words[0]) ? 'prefix' : 'word';
    push({ kind, words });
    return;
  }
  words.forEach((word, at) => {
    const last = prefix && at === words.length - 1 && [...word].length >= 3;
    push({ kind: last ? 'prefix' : 'word', words: [word] });
  });
}

// The first moment of a year, month or day, and the first after it.
function period(text) {
  const parts = text.split(/[-/.]/);
  if (!parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  const isYear = (part) => part.length === 4;
  const [one, two, three] = parts.map(Number);
  const day = (year, month, date) => {
    const time = Date.UTC(year, month - 1, date);
    const read = new Date(time);
    return read.getUTCMonth() === month - 1 && read.getUTCDate() === date && year > 99 ? time : null;
  };
  const upTo = (from, until) => (from === null ? null : [from, until]);
  if (parts.length === 1) return isYear(parts[0]) ? upTo(day(one, 1, 1), Date.UTC(one + 1, 0, 1)) : null;
  if (parts.length === 2) return isYear(parts[0]) ? upTo(day(one, two, 1), Date.UTC(one, two, 1)) : null;
  if (parts.length !== 3 || isYear(parts[0]) === isYear(parts[2])) return null;
  const from = isYear(parts[0]) ? day(one, two, three) : day(three, two, one);
  return upTo(from, from + DAY);
}

// --- The index. ---

class Stale extends Error {}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class Index {
  constructor(base, load) {
    this.base = base;
    this.load = load ?? (async (path) => {
      const answer = await fetch(base + path);
      if (!answer.ok) throw new Stale(path);
      return answer.arrayBuffer();
    });
    this.files = new Map();
    // Words that lead to the same reports as one that was looked for, by that.
    this.forms = new Map();
  }

  get(path) {
    if (!this.files.has(path)) {
      const loading = this.load(path);
      loading.catch(() => this.files.delete(path));
      this.files.set(path, loading);
    }
    return this.files.get(path);
  }

  async head() {
    return JSON.parse(decoder.decode(await this.get('index.json')));
  }

  // While a new index is put in place, head and leaves may not belong together: once more from the start.
  async search(query) {
    try {
      return await this.answer(query);
    } catch (error) {
      if (!(error instanceof Stale || error instanceof RangeError)) throw error;
      this.files.clear();
      return this.answer(query);
    }
  }

  async leaf(segment, path) {
    const bytes = new DataView(await this.get(`s${segment.tier}/${path}`));
    if (bytes.getUint32(0, true) !== segment.digest) throw new Stale(path);
    return bytes;
  }

  async words(segment, word, wanted) {
    const all = [];
    const view = await this.leaf(segment, `v/${wordLeaf(word, segment.word_bits).toString(16)}.bin`);
    const read = reader(view, 4);
    let before = new Uint8Array(0);
    let stems = [];
    while (!read.done()) {
      before = read.after(before);
      const text = decoder.decode(before);
      const byte = read.byte();
      const way = byte >> 4;
      const count = way === 0 ? stems.length : way === 3 ? read.number() : 1;
      const sizes = [byte & 15];
      while (sizes.length < count) sizes.push(read.byte());
      const name = (at) => (way === 0 ? stems[at].stem : way === 1 ? text : decoder.decode(read.after(before, true)));
      stems = sizes.map((size, at) => ({ stem: name(at), size }));
      if (wanted(text)) all.push({ text, stems });
    }
    return all;
  }

  async list(segment, key) {
    const slot = Math.floor(key / 2 ** (16 - segment.posting_bits));
    const leaf = Math.floor(slot / 2 ** 32);
    const read = reader(await this.leaf(segment, `p/${leaf.toString(16)}.bin`), 4);
    const short = slot % 2 ** 32;
    while (!read.done()) {
      const found = read.fixed();
      const count = read.number();
      if (count === 1) {
        const [list, length] = postings(read.rest(), 1, segment.slot_bits);
        read.bytes(length);
        if (found === short) return list;
        continue;
      }
      const length = read.number();
      if (length) {
        const bytes = read.bytes(length);
        if (found === short) return postings(bytes, count, segment.slot_bits)[0];
        continue;
      }
      const pieces = [];
      for (let left = read.number(); left > 0; left--) {
        pieces.push({ bits: read.number(), place: read.number(), count: read.number() });
      }
      if (found !== short) continue;
      const folder = `p/f${slot.toString(16).padStart(12, '0')}`;
      const lists = await Promise.all(pieces.map(async ({ bits, place, count }) => {
        const view = await this.leaf(segment, `${folder}/${bits.toString(16)}-${place.toString(16)}.bin`);
        return postings(new Uint8Array(view.buffer, 4), count, segment.slot_bits)[0];
      }));
      return lists.flat();
    }
    return [];
  }

  // The keys that a word leads to in any segment, for a report may have forms of it that no other report of
  // its segment has; the commonest first.
  async keys(head, kind, word) {
    const wanted = kind === 'prefix' ? (text) => text.startsWith(word) : (text) => text === word;
    const lists = await Promise.all(head.segments.map((segment) => this.words(segment, word, () => true)));
    const all = lists.flat();
    const sizes = new Map();
    for (const { stem, size } of all.filter(({ text }) => wanted(text)).flatMap(({ stems }) => stems)) {
      sizes.set(stem, Math.max(size, sizes.get(stem) ?? 0));
    }
    const forms = this.forms.get(word) ?? new Set();
    for (const { text, stems } of all) if (stems.some(({ stem }) => sizes.has(stem))) forms.add(text);
    this.forms.set(word, forms);
    const keys = [...sizes].map(([stem, size]) => ({ key: keyOf(stem), size }));
    return keys.sort((a, b) => b.size - a.size || a.key - b.key).slice(0, 16).map(({ key }) => key);
  }

  // For each segment the reports that have a word, with the highest weight of its forms.
  async having(head, kind, word) {
    const keys = await this.keys(head, kind, word);
    return Promise.all(head.segments.map(async (segment) => {
      const found = new Map();
      for (const list of await Promise.all(keys.map((key) => this.list(segment, key)))) {
        for (const [id, weight] of list) found.set(id, Math.max(weight, found.get(id) ?? 0));
      }
      return found;
    }));
  }

  async answer(query) {
    const head = await this.head();
    const terms = query.clauses.flatMap((clause) => {
      const { kind, words, excluded } = clause;
      if (excluded && kind === 'phrase') return [];
      return words.map((word) => ({ kind: kind === 'prefix' ? 'prefix' : 'word', word, excluded }));
    });
    const wanted = terms.filter((term) => !term.excluded);
    if (!wanted.length) return { head, hits: [] };
    const found = await Promise.all(terms.map(({ kind, word }) => this.having(head, kind, word)));
    const rarity = found.map((lists) => {
      const having = lists.reduce((sum, list) => sum + list.size, 0);
      return Math.log(1 + Math.max(0, head.reports - having + 0.5) / (having + 0.5));
    });
    const hits = [];
    head.segments.forEach((segment, number) => {
      const lists = found.map((own) => own[number]);
      const must = terms.map((term, at) => at).filter((at) => !terms[at].excluded);
      const not = terms.map((term, at) => at).filter((at) => terms[at].excluded);
      const shortest = must.reduce((a, b) => (lists[b].size < lists[a].size ? b : a));
      for (const id of lists[shortest].keys()) {
        if (!must.every((at) => lists[at].has(id)) || not.some((at) => lists[at].has(id))) continue;
        const day = Math.floor(id / 2 ** segment.slot_bits);
        if (day < (query.from ?? 0) || day >= (query.until ?? Infinity)) continue;
        const score = must.reduce((sum, at) => sum + head.weights[lists[at].get(id)] * rarity[at], 0);
        hits.push({ segment, id, day, score });
      }
    });
    return { head, hits };
  }

  async card({ segment, id }) {
    const place = Math.floor(id / 2 ** segment.card_bits);
    const [digest, outlets, languages, ...rows] = JSON.parse(decoder.decode(await this.get(`s${segment.tier}/d/${place.toString(16)}.json`)));
    if (digest !== segment.digest) throw new Stale(place);
    let at = place * 2 ** segment.card_bits;
    let path = '';
    for (const [more, shared, rest, title, outlet = 0, language = 0, lacking = 0] of rows) {
      at += more;
      path = path.slice(0, shared) + rest;
      if (at === id) return { path, title, outlet: outlets[outlet], language: languages[language], precision: 2 - lacking };
    }
    throw new Stale(place);
  }

  // For each word that nothing has, the commonest that is written almost so.
  async suggestions(query) {
    const { segments } = await this.head();
    const typed = query.clauses.filter(({ excluded, kind }) => !excluded && kind !== 'prefix');
    const suggested = [];
    for (const word of typed.flatMap(({ words }) => words).filter((word) => [...word].length >= 4)) {
      const lists = await Promise.all(segments.map((segment) =>
        this.words(segment, word, (text) => text === word || isNear(text, word))));
      const near = lists.flat();
      if (near.some(({ text }) => text === word)) continue;
      const size = ({ stems }) => Math.max(...stems.map((stem) => stem.size));
      near.sort((a, b) => size(b) - size(a));
      if (near.length) suggested.push([word, near[0].text]);
    }
    return suggested;
  }
}

function wordLeaf(word, bits) {
  const letters = word.includes(':') ? word.length : UNSPACED.test([...word][0] ?? '') ? 1 : 3;
  const beginning = word.includes(':') ? word : [...word].slice(0, letters).join('');
  return bits ? hashOf(beginning) >>> (32 - bits) : 0;
}

function hashOf(text) {
  let hash = 0x811C9DC5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2C1B3C6D);
  return (hash ^ hash >>> 12) >>> 0;
}

// The first 48 bits of a hash.
function keyOf(stem) {
  const bytes = encoder.encode(stem);
  const padded = new DataView(new ArrayBuffer(bytes.length + 8));
  bytes.forEach((byte, at) => padded.setUint8(at, byte));
  let hash = 0x9E3779B97F4A7C15n ^ BigInt(bytes.length);
  for (let at = 0; at < bytes.length; at += 8) {
    hash = BigInt.asUintN(64, (hash ^ padded.getBigUint64(at, true)) * 0xFF51AFD7ED558CCDn);
    hash ^= hash >> 32n;
  }
  hash = BigInt.asUintN(64, hash * 0xC4CEB9FE1A85EC53n);
  return Number((hash ^ hash >> 33n) >> 16n);
}

function reader(view, start) {
  let at = start;
  return {
    done: () => at >= view.byteLength,
    fixed() {
      at += 4;
      return view.getUint32(at - 4, true);
    },
    number() {
      for (let number = 0, unit = 1; ; unit *= 128) {
        const byte = view.getUint8(at++);
        number += (byte & 127) * unit;
        if (byte < 128) return number;
      }
    },
    bytes(length) {
      at += length;
      return new Uint8Array(view.buffer, view.byteOffset + at - length, length);
    },
    rest: () => new Uint8Array(view.buffer, view.byteOffset + at),
    // Two lengths: how many bytes of another word remain, or are cut off its end, and how many follow.
    after(word, isCut) {
      const halves = this.byte();
      const length = (half) => (half === 15 ? 15 + this.number() : half);
      const first = length(halves & 15);
      const own = this.bytes(length(halves >> 4));
      const kept = word.subarray(0, isCut ? word.length - first : first);
      const bytes = new Uint8Array(kept.length + own.length);
      bytes.set(kept);
      bytes.set(own, kept.length);
      return bytes;
    },
    byte: () => view.getUint8(at++),
  };
}

// Ids as days and slots since the one before in Rice codes, each with its weight; and how many bytes they
// take.
function postings(bytes, count, slotBits) {
  let at = 0;
  const bit = () => {
    if (at >> 3 >= bytes.length) throw new RangeError('a list ends early');
    const value = bytes[at >> 3] >> (at & 7) & 1;
    at += 1;
    return value;
  };
  const take = (bits) => {
    let number = 0;
    for (let place = 0; place < bits; place++) number += bit() * 2 ** place;
    return number;
  };
  const rice = (low) => {
    let high = 0;
    while (high < 24 && bit()) high += 1;
    return high < 24 ? high * 2 ** low + take(low) : take(32);
  };
  const lowDays = count > 1 ? take(5) : 0;
  const lowSlots = count > 1 ? take(4) : 0;
  const slots = 2 ** slotBits;
  const list = [];
  let id = take(take(5) + 1);
  for (let left = count; left > 0; left--) {
    if (left < count) {
      const days = rice(lowDays);
      const slot = slotBits ? rice(lowSlots) : 0;
      id = days ? (Math.floor(id / slots) + days) * slots + slot : id + 1 + slot;
    }
    let weight = 0;
    while (weight < 3 && bit()) weight += 1;
    list.push([id, weight]);
  }
  return [list, Math.ceil(at / 8)];
}

// Whether two words differ by one letter that is more, missing, another, or two that changed places.
export function isNear(one, other) {
  const [a, b] = [[...one], [...other]];
  if (Math.abs(a.length - b.length) > 1 || one === other) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const rest = (letters, from) => letters.slice(from).join('');
  return rest(a, start + 1) === rest(b, start + 1) || rest(a, start + 1) === rest(b, start)
    || rest(a, start) === rest(b, start + 1)
    || (a[start] === b[start + 1] && a[start + 1] === b[start] && rest(a, start + 2) === rest(b, start + 2));
}

// Whether words stand beside each other.
export function holdsPhrase(text, phrase) {
  return text.some((_, at) => phrase.every((word, offset) => text[at + offset] === word));
}

// --- The page. ---

const FIRST = 10;
const PHRASE_PAGES = 60;
const SNIPPET = 140;
// Words as they are written, before they are folded.
const WRITTEN = /[\p{Alphabetic}\p{N}\p{M}]+(?:['’\-.,_][\p{Alphabetic}\p{N}\p{M}]+)*/gu;

class Page {
  constructor(form) {
    this.form = form;
    this.field = document.getElementById('search-field');
    this.order = document.getElementById('search-sort');
    this.root = form.dataset.root;
    this.words = JSON.parse(form.dataset.words);
    this.status = document.getElementById('search-status');
    this.results = document.getElementById('search-results');
    this.index = new Index(form.dataset.index);
    this.language = document.documentElement.lang || 'en';
    // Plain "en" writes the month first; the archive's own pages don't.
    this.dates = this.language === 'en' ? 'en-GB' : this.language;
    this.plurals = new Intl.PluralRules(this.language);
    this.turn = 0;
    this.pages = new Map();
  }

  start() {
    this.form.removeAttribute('action');
    this.form.querySelector('.search-order').hidden = false;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.go(true);
    });
    let waiting;
    this.field.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.go(false), 250);
    });
    this.order.addEventListener('change', () => this.go(true));
    addEventListener('popstate', () => this.fromAddress());
    addEventListener('keydown', (event) => {
      const idle = document.activeElement === document.body || document.activeElement === null;
      if (event.key === '/' && idle && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        this.field.focus();
      }
    });
    this.fromAddress();
  }

  fromAddress() {
    const address = new URLSearchParams(location.search);
    this.field.value = address.get('q') ?? '';
    const order = address.get('sort');
    this.order.value = ['newest', 'oldest'].includes(order) ? order : 'relevance';
    this.show();
  }

  address(typed) {
    const address = new URLSearchParams({ q: typed });
    if (this.order.value !== 'relevance') address.set('sort', this.order.value);
    return typed ? `?${address}` : location.pathname;
  }

  go(lasting) {
    const address = this.address(this.field.value.trim());
    const same = address === location.search;
    if (lasting && !same) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.show();
  }

  async show() {
    const turn = ++this.turn;
    const typed = this.field.value.trim();
    if (!typed) {
      this.results.replaceChildren();
      this.say('');
      return;
    }
    if (location.protocol === 'file:') {
      this.say(this.words.file);
      return;
    }
    const slow = setTimeout(() => turn === this.turn && this.say(this.words.loading), 400);
    try {
      const query = readQuery(typed);
      const { head, hits } = await this.index.search(query);
      if (turn !== this.turn) return;
      this.sort(hits);
      const shown = await this.narrowed(query, hits, PHRASE_PAGES);
      if (turn !== this.turn) return;
      await this.draw(turn, query, head, shown, hits);
    } catch (error) {
      if (turn === this.turn) {
        this.results.replaceChildren();
        this.say(this.words.failed);
      }
    } finally {
      clearTimeout(slow);
    }
  }

  sort(hits) {
    const newest = (a, b) => b.day - a.day || b.id - a.id;
    const orders = {
      relevance: (a, b) => b.score - a.score || newest(a, b),
      newest,
      oldest: (a, b) => newest(b, a),
    };
    hits.sort(orders[this.order.value]);
  }

  // With phrases, only hits whose page has them beside each other.
  async narrowed(query, hits, most) {
    const phrases = query.clauses.filter(({ kind }) => kind === 'phrase');
    if (!phrases.length) return hits;
    const read = hits.slice(0, most);
    const fit = await Promise.all(read.map(async (hit) => {
      const text = plainWords((await this.page(await this.index.card(hit)))?.textContent ?? '');
      return phrases.every(({ words, excluded }) => holdsPhrase(text, words) !== excluded);
    }));
    return read.filter((_, at) => fit[at]);
  }

  // The part of a report's page that holds its words.
  page({ path }) {
    if (!this.pages.has(path)) {
      this.pages.set(path, fetch(this.root + path).then(async (answer) => {
        if (!answer.ok) return null;
        const main = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
        main?.querySelectorAll('script, style, .anchor').forEach((element) => element.remove());
        return main;
      }).catch(() => null));
    }
    return this.pages.get(path);
  }

  say(text) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      this.status.textContent = text;
    }, text ? 150 : 0);
  }

  counted(forms, count) {
    const form = forms[this.plurals.select(count)] ?? forms.other;
    return form.replace('{n}', new Intl.NumberFormat(this.language, LATIN).format(count));
  }

  async draw(turn, query, head, shown, hits) {
    if (!shown.length) {
      const near = await this.index.suggestions(query);
      if (turn !== this.turn) return;
      this.results.replaceChildren(...near.map((pair) => this.suggestion(pair)));
      this.say(this.words.none);
      return;
    }
    const list = element('ol', { class: 'search-hits' });
    const narrow = element('div', { class: 'search-narrow' });
    narrow.append(this.years(shown), ...this.facets(head, shown));
    const parts = [narrow, list];
    const phrases = query.clauses.some(({ kind }) => kind === 'phrase');
    if (phrases && hits.length > PHRASE_PAGES) {
      parts.push(element('p', { class: 'search-partial' }, this.words.partial));
    }
    const more = element('button', { type: 'button', class: 'search-more' }, this.words.more);
    let drawn = 0;
    const next = async () => {
      const cards = await Promise.all(shown.slice(drawn, drawn + FIRST).map((hit) => this.index.card(hit)));
      if (turn !== this.turn) return;
      const items = cards.map((card, at) => this.hit(card, shown[drawn + at], query));
      drawn += cards.length;
      list.append(...items);
      more.hidden = drawn >= shown.length;
      return items[0];
    };
    await next();
    if (turn !== this.turn) return;
    more.addEventListener('click', async () => (await next())?.querySelector('a')?.focus());
    this.results.replaceChildren(...parts, more);
    this.say(this.counted(this.words.hits, shown.length));
  }

  hit(card, { day }, query) {
    const item = element('li', { class: 'search-hit' });
    const link = element('a', { href: this.root + card.path }, card.title);
    if (card.language) {
      link.lang = card.language;
      link.dir = 'auto';
    }
    const shown = new Date(EPOCH + day * DAY);
    const parts = [{ year: 'numeric' }, { year: 'numeric', month: 'long' }, { dateStyle: 'long' }];
    const format = new Intl.DateTimeFormat(this.dates, { timeZone: 'UTC', calendar: 'gregory', ...LATIN, ...parts[card.precision] });
    const machine = shown.toISOString().slice(0, [4, 7, 10][card.precision]);
    const meta = element('p', { class: 'search-meta' });
    meta.append(element('time', { datetime: machine }, format.format(shown)));
    if (card.outlet) meta.append(' · ', element('bdi', {}, card.outlet));
    item.append(element('h2', {}, link), meta);
    const snippet = element('p', { class: 'search-snippet', dir: 'auto' });
    if (card.language) snippet.lang = card.language;
    item.append(snippet);
    this.page(card).then((main) => main && this.snippet(snippet, main.querySelector('.body') ?? main, query));
    return item;
  }

  // The text around the first word that was looked for, with all of them marked.
  snippet(place, body, query) {
    const wanted = query.clauses.filter(({ excluded }) => !excluded);
    const forms = new Set(wanted.flatMap(({ words }) => words.flatMap((word) => [...this.index.forms.get(word) ?? []])));
    const text = body.textContent.replace(/\s+/g, ' ').trim();
    const marks = [];
    for (const match of text.matchAll(WRITTEN)) {
      const found = [];
      eachWord(match[0], (word) => found.push(word));
      if (found.some((word) => forms.has(word))) {
        marks.push([match.index, match.index + match[0].length]);
      }
    }
    const start = Math.max(0, (marks[0]?.[0] ?? 0) - SNIPPET / 2);
    const from = start ? text.indexOf(' ', start) + 1 || start : 0;
    const most = from + SNIPPET * 2;
    const space = text.lastIndexOf(' ', most);
    // Text without spaces ends anywhere.
    const end = text.length <= most ? text.length : space > from + SNIPPET ? space : most;
    let at = from;
    const parts = [from ? '… ' : ''];
    for (const [first, last] of marks) {
      if (first < at || last > end) continue;
      parts.push(text.slice(at, first), element('mark', {}, text.slice(first, last)));
      at = last;
    }
    parts.push(text.slice(at, end), end < text.length ? ' …' : '');
    place.replaceChildren(...parts);
  }

  // How many hits each year has; a bar leads to them.
  years(hits) {
    const counts = new Map();
    for (const { day } of hits) {
      const year = new Date(EPOCH + day * DAY).getUTCFullYear();
      counts.set(year, (counts.get(year) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    const list = element('ol', { class: 'search-years' });
    for (const [year, count] of [...counts].sort(([a], [b]) => a - b)) {
      const typed = `${this.field.value.trim()} after:${year - 1} before:${year + 1}`;
      const link = element('a', { href: this.address(typed) });
      const bar = element('meter', { min: 0, max: most, value: count, 'aria-hidden': 'true' });
      link.append(`${year} `, bar, ' ', element('span', { class: 'count' }, this.counted(this.words.hits, count)));
      list.append(element('li', {}, link));
    }
    const details = element('details');
    details.append(element('summary', {}, this.words.years), list);
    return counts.size > 1 ? details : '';
  }

  // The commonest outlets, tags and so on among the hits, counted when they are asked for.
  facets(head, hits) {
    return FACETS.filter((facet) => head.facets[facet]?.length).map((facet) => {
      const details = element('details');
      details.append(element('summary', {}, this.words[facet]));
      details.addEventListener('toggle', async () => {
        if (!details.open || details.children.length > 1) return;
        const list = element('ul');
        details.append(list);
        const values = await Promise.all(head.facets[facet].map(async ([name, value]) => {
          const found = await this.index.having(head, 'word', `${facet}:${value}`);
          const having = new Map(head.segments.map((segment, at) => [segment.tier, found[at]]));
          return { name, value, count: hits.filter(({ segment, id }) => having.get(segment.tier).has(id)).length };
        }));
        for (const { name, value, count } of values.filter(({ count }) => count).sort((a, b) => b.count - a.count)) {
          const link = element('a', { href: this.address(`${this.field.value.trim()} ${facet}:${value}`) });
          link.append(element('bdi', {}, name));
          list.append(element('li', {}, link, ' ', element('span', { class: 'count' }, this.counted(this.words.hits, count))));
        }
      });
      return details;
    });
  }

  suggestion([typed, near]) {
    const whole = this.field.value.replace(new RegExp(escaped(typed), 'iu'), near);
    const [before, after] = this.words.suggest.split('{word}');
    const text = whole === this.field.value ? near : whole;
    return element('p', { class: 'search-suggestion' }, before, element('a', { href: this.address(text.trim()) }, text), after ?? '');
  }
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
}

if (typeof document !== 'undefined') {
  const form = document.getElementById('search');
  if (form) new Page(form).start();
}
