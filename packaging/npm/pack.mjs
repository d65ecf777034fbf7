// Packs the npm packages: the main one, and one with the binary of a platform.
//
//   node packaging/npm/pack.mjs VERSION OUT                    the main package
//   node packaging/npm/pack.mjs VERSION OUT TARGET BINARY      the package of a Rust target
//
// Nothing is downloaded on installation: npm selects the package of the platform by its `os` and `cpu`.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const [version, out, target, binary] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), "runway-preflight-npm-"));
try {
  const manifest = read(join(here, "runway-preflight/package.json"));
  write(target === undefined ? main(manifest) : platform(manifest));
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "README.md"]) {
    copyFileSync(join(root, file), join(folder, file));
  }
  // On Windows, npm is a script with an extension that only a shell finds.
  const shell = process.platform === "win32";
  execFileSync("npm", ["pack", "--silent", "--pack-destination", resolve(out)], { cwd: folder, shell, stdio: "inherit" });
} finally {
  rmSync(folder, { recursive: true });
}

/** Returns the checked-in manifest with the version filled in. */
function main(manifest) {
  for (const file of ["bin", "program.js", "serve.js", "serve.d.ts"]) {
    cpSync(join(here, "runway-preflight", file), join(folder, file), { recursive: true });
  }
  const pinned = Object.keys(manifest.optionalDependencies).map((name) => [name, version]);
  return { ...manifest, version, optionalDependencies: Object.fromEntries(pinned) };
}

/** Returns a manifest that npm installs on one platform only. */
function platform(manifest) {
  const { os, cpu } = nodePlatform();
  const file = os === "win32" ? "runway-preflight.exe" : "runway-preflight";
  mkdirSync(join(folder, "bin"));
  copyFileSync(binary, join(folder, "bin", file));
  chmodSync(join(folder, "bin", file), 0o755);
  const { description, license } = manifest;
  return {
    name: `runway-preflight-${os}-${cpu}`,
    version,
    description: `${description} The program for ${os} ${cpu}; install runway-preflight instead.`,
    license,
    os: [os],
    cpu: [cpu],
    files: manifest.files,
    // Yarn must unpack the binary from its archive.
    preferUnplugged: true,
  };
}

/** Returns Node's names for the operating system and processor of the target. */
function nodePlatform() {
  const systems = { "apple-darwin": "darwin", "unknown-linux": "linux", "pc-windows": "win32" };
  const os = Object.keys(systems).find((system) => target.includes(system));
  const cpu = { x86_64: "x64", aarch64: "arm64" }[target.split("-")[0]];
  if (os === undefined || cpu === undefined) {
    throw new Error(`no npm platform for ${target}`);
  }
  return { os: systems[os], cpu };
}

function read(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function write(manifest) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
