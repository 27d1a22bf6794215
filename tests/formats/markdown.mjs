// Reads the Markdown of every derivation of a folder twice: its formulas as mathematics, and the whole as Markdown that knows nothing of
// formulas, which must leave them as they are, since it is not said which of the two is done first.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import katex from "katex";
import MarkdownIt from "markdown-it";

const folder = process.argv[2];
const squeezed = (text) => text.replace(/\s+/g, " ").trim();
const drawn = new Set();
for (const file of readdirSync(folder).filter((file) => file.endsWith(".md"))) {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  const rendered = new MarkdownIt().render(text);
  assert.doesNotMatch(rendered, /<em>|<strong>|<a /, file);
  const read = squeezed(rendered.replace(/<[^>]+>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&"));
  const prose = text.replace(/`[^`]*`/g, "");
  for (const [, block, inline] of prose.matchAll(/\$\$([^$]+)\$\$|(?<!\\)\$([^$\n]+)\$/g)) {
    const formula = block ?? inline;
    assert.ok(read.includes(squeezed(formula)), `${file}: Markdown changes ${formula}`);
    if (inline) assert.equal(inline.trim(), inline, `${file}: a blank beside a dollar sign: ${inline}`);
    if (drawn.has(formula)) continue;
    drawn.add(formula);
    katex.renderToString(formula, { displayMode: block !== undefined, throwOnError: true, strict: "error", maxExpand: 1e6 });
  }
}
console.log(`${drawn.size} formulas of Markdown`);
