#!/usr/bin/env node
// Runs the program from the package of this platform and exits with its exit code.
"use strict";

const { spawn } = require("node:child_process");

const { platform, program: find } = require("../program.js");

// "Command not found" in shells; the program uses 0 to 5 itself.
const MISSING = 127;

let program;
try {
  program = find();
} catch {
  console.error(`runway-preflight: the package ${platform} is missing. It is an optional dependency: install without`);
  console.error("--omit=optional, on the platform where it runs. Other platforms: cargo install runway-preflight");
  process.exit(MISSING);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// A signal to this process must reach the program, which then writes a partial report.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`runway-preflight: ${program}: ${error.message}`);
  process.exitCode = MISSING;
});
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
