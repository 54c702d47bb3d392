import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../src");
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(tsx?|css)$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));

function holding(pattern: RegExp): string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

describe("the sources of the page", () => {
  it("import the host's API in one file only", () => {
    expect(holding(/from "@tauri-apps\//)).toEqual([join("backend", "tauri.ts")]);
  });

  it("never turn a string into markup or code", () => {
    expect(holding(/innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|\beval\(|new Function|document\.write/)).toEqual([]);
  });

  it("keep no style in markup, which the content security policy blocks", () => {
    expect(holding(/<[^>]*\sstyle=/)).toEqual([]);
  });

  it("know no network and no storage", () => {
    expect(holding(/\bfetch\(|XMLHttpRequest|WebSocket|localStorage|sessionStorage|indexedDB|document\.cookie|navigator\.sendBeacon/)).toEqual([]);
  });

  it("keep every colour in one place", () => {
    const elsewhere = files.filter(({ file }) => file.endsWith(".css") && !file.endsWith("tokens.css"));
    expect(elsewhere.filter(({ text }) => /:[^;{]*#[0-9a-f]{3,8}\b/i.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it("write nothing to a console", () => {
    expect(holding(/console\.\w+\(/)).toEqual([]);
  });
});
