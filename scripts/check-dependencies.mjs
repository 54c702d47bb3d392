// Checks the dependency tree against deny.toml: banned packages, licences, sources.
//
// The same three checks as `cargo deny check bans licenses sources`, which is used instead
// where it is installed: building that tool takes longer than this project's own tests may.
// What it does more: it reads licence texts, this script believes each package's manifest.
// One thing this script does more, too: the packages of npm, of the user interface and of tests,
// by every package-lock.json of the project.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

process.chdir(new URL("..", import.meta.url).pathname);

const OUTPUT_BYTES_MAX = 256 * 1024 * 1024; // the metadata of 700 packages is about 5 MB

const problems = [];
const rules = readRules(readFileSync("deny.toml", "utf8"));

const crates = cratesInTree();
for (const crate of crates) {
  const name = `${crate.name} ${crate.version}`;
  if (rules.banned.has(crate.name)) problems.push(`${name} is banned`);
  if (!crate.license) problems.push(`${name} states no licence`);
  else if (!isAllowed(crate.license, rules.licences)) problems.push(`${name}: licence ${crate.license} is not allowed`);
  // No source: a member of this workspace.
  if (crate.source && !crate.source.startsWith("registry+")) problems.push(`${name} comes from ${crate.source}`);
}
if (crates.length < 100) problems.push(`only ${crates.length} packages seen: the tree was not read`);

const locks = locksBelow(".");
// Both are known to be there; one more is found by itself.
for (const known of ["ui", "tests/fhir-validator"]) {
  if (!locks.includes(`${known}/package-lock.json`)) problems.push(`${known}/package-lock.json was not found`);
}
const modules = locks.flatMap(modulesIn);
for (const [lock, path, module] of modules) {
  const name = `${lock}: ${path} ${module.version}`;
  // What only builds or tests the page is not passed on: its licence binds nobody.
  if (!module.dev && !isAllowed(module.license ?? "", new Set([...rules.licences, "OFL-1.1"]))) {
    problems.push(`${name}: licence ${module.license ?? "none"} is not allowed`);
  }
  if (!module.integrity && !module.link) problems.push(`${name} has no checksum there`);
}

for (const problem of problems) console.error(problem);
console.log(`dependencies: ${crates.length} crates and ${modules.length} modules of ${locks.length} locks checked, problems: ${problems.length}`);
process.exit(problems.length === 0 ? 0 : 1);

function cratesInTree() {
  // The metadata also hold optional packages that no feature switches on; the tree does not.
  const tree = cargo("tree", "--workspace", "--target=all", "--all-features", "--prefix=none", "--format={p}");
  const inTree = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const { packages } = JSON.parse(cargo("metadata", "--format-version=1", "--all-features"));
  return packages.filter(({ name, version }) => inTree.has(`${name} v${version}`));
}

function cargo(...args) {
  return execFileSync("cargo", [...args, "--locked"], {
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Every package-lock.json but those that came with packages or were built. */
function locksBelow(folder) {
  const skipped = new Set(["node_modules", "target", "dist", ".git"]);
  return readdirSync(folder, { withFileTypes: true }).flatMap((found) => {
    const path = folder === "." ? found.name : `${folder}/${found.name}`;
    if (found.isDirectory()) return skipped.has(found.name) ? [] : locksBelow(path);
    return found.name === "package-lock.json" ? [path] : [];
  });
}

function modulesIn(lock) {
  const { packages } = JSON.parse(readFileSync(lock, "utf8"));
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, module]) => [lock, path, module]);
}

/** The two lists of deny.toml that matter here; comments may contain anything. */
function readRules(text) {
  const bare = text.replace(/^\s*#.*$/gm, "").replace(/\s#[^"\n]*$/gm, "");
  const section = (name) => bare.split(`[${name}]`)[1].split(/^\[/m)[0];
  const list = (text, key) => new RegExp(`^${key}\\s*=\\s*\\[([^\\]]*)\\]`, "m").exec(text)[1];
  return {
    banned: new Set([...list(section("bans"), "deny").matchAll(/name\s*=\s*"([^"]+)"/g)].map((m) => m[1])),
    licences: new Set([...list(section("licenses"), "allow").matchAll(/"([^"]+)"/g)].map((m) => m[1])),
  };
}

/** An SPDX expression, AND binding tighter than OR; a slash is an old way to write OR. */
function isAllowed(expression, allowed) {
  const words = expression.replaceAll("/", " OR ").match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let fine = both();
    while (words[at] === "OR") {
      at += 1;
      fine = both() || fine;
    }
    return fine;
  };
  const both = () => {
    let fine = single();
    while (words[at] === "AND") {
      at += 1;
      fine = single() && fine;
    }
    return fine;
  };
  const single = () => {
    if (words[at] === "(") {
      at += 1;
      const fine = either();
      at += 1;
      return fine;
    }
    let licence = words[at++] ?? "";
    if (words[at] === "WITH") {
      licence += ` WITH ${words[at + 1]}`;
      at += 2;
    }
    return allowed.has(licence);
  };
  return either() && at === words.length;
}
