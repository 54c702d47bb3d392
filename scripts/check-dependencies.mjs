// Checks the dependency tree against deny.toml: banned packages, licences, sources.
//
// The same three checks as `cargo deny check bans licenses sources`, which is used instead
// where it is installed: building that tool takes longer than this project's own tests may.
// What it does more: it reads licence texts, this script believes each package's manifest.
// One thing this script does more, too: the packages of the user interface (npm).

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
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

const modules = modulesInTree();
for (const [path, module] of modules) {
  const name = `${path} ${module.version}`;
  // What only builds or tests the page is not passed on: its licence binds nobody.
  if (!module.dev && !isAllowed(module.license ?? "", new Set([...rules.licences, "OFL-1.1"]))) {
    problems.push(`${name}: licence ${module.license ?? "none"} is not allowed`);
  }
  if (!module.integrity && !module.link) problems.push(`${name} has no checksum in package-lock.json`);
}

for (const problem of problems) console.error(problem);
console.log(`dependencies: ${crates.length} crates and ${modules.length} modules checked, problems: ${problems.length}`);
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

function modulesInTree() {
  if (!existsSync("ui/package-lock.json")) return [];
  const { packages } = JSON.parse(readFileSync("ui/package-lock.json", "utf8"));
  return Object.entries(packages).filter(([path]) => path !== "");
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
