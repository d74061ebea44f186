// What the search client makes of characters, texts and queries, for comparison with the program's own.
//
// node search.mjs CLIENT fold            characters that folding changes, as [code, folded], and codes that Node
//                                        knows no character for
// node search.mjs CLIENT words           for each text of a JSON list on standard input: its words
// node search.mjs CLIENT ask FOLDER      for each query of a JSON list: the count and the first ten paths

import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';

const [client, task, folder] = process.argv.slice(2);
const { fold, eachWord, readQuery, Index } = await import(client);

function folded() {
  const changed = [];
  const unassigned = [];
  for (let code = 0; code <= 0x10FFFF; code++) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    const character = String.fromCodePoint(code);
    if (/\p{Cn}/u.test(character)) {
      unassigned.push(code);
      continue;
    }
    const after = fold(character);
    if (after !== character) changed.push([code, after]);
  }
  return { changed, unassigned };
}

function wordsOf(text) {
  const words = [];
  eachWord(text, (word, joined) => words.push([word, Boolean(joined)]));
  return words;
}

async function ask(queries) {
  const load = async (path) => {
    const bytes = await readFile(`${folder}/${path}`);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  };
  const index = new Index('', load);
  const answers = [];
  for (const typed of queries) {
    const query = readQuery(typed);
    const { hits } = await index.search(query);
    hits.sort((a, b) => b.score - a.score || b.day - a.day || b.id - a.id);
    const cards = await Promise.all(hits.slice(0, 10).map((hit) => index.card(hit)));
    const suggestions = hits.length ? [] : await index.suggestions(query);
    answers.push({ count: hits.length, paths: cards.map(({ path }) => `/${path}`), suggestions });
  }
  return answers;
}

const input = () => JSON.parse(readFileSync(0, 'utf8'));
const answer = task === 'fold' ? folded() : task === 'words' ? input().map(wordsOf) : await ask(input());
process.stdout.write(JSON.stringify(answer));
