// Opens every page of a folder in Chromium and checks what only a browser can tell: that it is well-formed and fetches nothing, that
// axe finds no barrier, that levels, focus and download work, that nothing is wider than the window; with and without the script.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { chromium } from "playwright-core";

const folder = resolve(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const LEVELS = ["outline", "notes", "full"];

/** Opens a page; anything it would fetch or complain about is a fault. */
async function open(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => assert.fail(`${file}: ${error}`));
  page.on("request", (request) => assert.match(request.url(), /^(file|data|blob):/, `${file} fetches ${request.url()}`));
  await page.goto(`file://${folder}/${file}`);
  return page;
}

const choose = (page, level) => page.check(`[value=${level}]`, { force: true });

async function accessible(page, what) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
  assert.deepEqual(told, [], what);
}

async function fits(page, what) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  const wide = () => [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  const parts = content <= window ? [] : await page.evaluate(`(${wide})().slice(0, 5).map((one) => one.outerHTML.slice(0, 80))`);
  assert.ok(content <= window, `${what}: ${content} > ${window}: ${parts.join("\n")}`);
}

async function wellFormed(page, file) {
  const text = readFileSync(`${folder}/${file}`, "utf8").replace("<!DOCTYPE html>", "");
  const fault = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "application/xml");
    return parsed.querySelector("parsererror")?.textContent ?? "";
  }, text);
  assert.equal(fault, "", file);
  assert.doesNotMatch(text, /\son[a-z]+=/, `${file} has inline handlers`);
}

/** Every level shows its own steps and no others; the answer is the same. */
async function levels(page, file) {
  const counts = [];
  for (const level of LEVELS) {
    await choose(page, level);
    for (const other of LEVELS) assert.equal(await page.locator(`#${other}`).isVisible(), other === level, `${file} ${level}`);
    counts.push(await page.locator(`#${level} .step`).count());
    await accessible(page, `${file} ${level}`);
  }
  assert.ok(counts[0] <= counts[1] && counts[1] <= counts[2], `${file}: ${counts}`);
}

/** Focus shows what a step exchanged, and its deltas in the other lines; a rule and a sentence say the same in words. */
async function focus(page, file) {
  await choose(page, "notes");
  let [before, made, deltas] = [0, 0, 0];
  for (const step of await page.locator("#notes .step[tabindex]").all()) {
    await step.focus();
    assert.equal(await step.getAttribute("aria-current"), "step");
    assert.equal(await page.locator(".now").count(), 1);
    before += await page.locator(".before .changed, .now .left .changed").count();
    made += await page.locator(".now .made").count();
    for (const delta of await page.locator(".now .delta").all()) {
      const name = await delta.getAttribute("data-delta");
      const all = await page.locator(`.chain:has(.now) .delta[data-delta="${name}"]`).count();
      assert.equal(await page.locator(`.delta.same[data-delta="${name}"]`).count(), all);
      deltas += 1;
    }
  }
  assert.ok(before > 0 && made > 0 && deltas > 0, `${file}: ${before} ${made} ${deltas}`);
}

/** The keyboard alone reaches levels, download and steps, in this order. */
async function keyboard(page, file) {
  await page.reload();
  const focused = () => page.evaluate(() => document.activeElement.className || document.activeElement.tagName);
  const seen = [];
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press("Tab");
    seen.push(await focused());
  }
  const order = seen.filter((name) => name !== "where").slice(0, 3);
  assert.ok(order[0] === "INPUT" && order[1] === "A" && /step/.test(order[2] ?? "step"), `${file}: ${seen}`);
  await page.locator("input:checked").focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#full").isVisible(), file);
}

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  const [saved, expected] = [await file.path(), `${folder}/${name}.json`].map((path) => JSON.parse(readFileSync(path, "utf8")));
  assert.deepEqual(saved, expected);
}

for (const file of readdirSync(folder).filter((file) => file.endsWith(".html"))) {
  const name = file.replace(".html", "");
  const page = await open(file, { acceptDownloads: true });
  await wellFormed(page, file);
  assert.ok(await page.evaluate(() => document.fonts.load('16px "Einstep Math"').then((fonts) => fonts.length === 1)), file);
  await levels(page, file);
  await focus(page, file);
  await page.screenshot({ path: `${folder}/${name}.light.png`, fullPage: true });
  await fits(page, file);
  await keyboard(page, file);
  await download(page, name);
  await page.context().close();

  const dark = await open(file, { colorScheme: "dark", viewport: { width: 390, height: 800 } });
  for (const level of LEVELS) {
    await choose(dark, level);
    await fits(dark, `${file} ${level}, narrow`);
    await accessible(dark, `${file} ${level}, dark`);
  }
  await choose(dark, "notes");
  await dark.screenshot({ path: `${folder}/${name}.narrow.png`, fullPage: true });
  await dark.context().close();

  const silent = await open(file, { javaScriptEnabled: false });
  await choose(silent, "outline");
  assert.ok(await silent.locator("#outline").isVisible() && !(await silent.locator("#notes").isVisible()), file);
  await silent.emulateMedia({ media: "print" });
  assert.ok(!(await silent.locator(".tools").isVisible()), file);
  await silent.pdf({ path: `${folder}/${name}.print.pdf`, format: "A4", margin: { top: "2cm", bottom: "2cm", left: "2cm", right: "2cm" } });
  await silent.context().close();
  console.log(`${name}: ok`);
}
await browser.close();
