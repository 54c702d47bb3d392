//! A contestant in a program of its own: it reads how often to parse, and says how many nanoseconds
//! that took. Its start is not counted.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Node does as `inzage-bench-keeping` does.
const NODE: &str = "const fs = require('fs'); const text = fs.readFileSync(process.argv[1], 'utf8');\
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {\
    const began = process.hrtime.bigint();\
    for (let n = Number(line); n > 0; n--) JSON.parse(text);\
    console.log(String(process.hrtime.bigint() - began)); });";

pub struct Program {
    child: Child,
    asked: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Program {
    /// The value of `serde_json` that keeps literals and order.
    pub fn keeping(file: &Path) -> Option<Self> {
        let this = std::env::current_exe().ok()?;
        Self::start(Command::new(this.with_file_name("inzage-bench-keeping")).arg(file))
    }

    /// Node, where it is installed.
    pub fn node(file: &Path) -> Option<Self> {
        Self::start(Command::new("node").args(["-e", NODE]).arg(file))
    }

    fn start(command: &mut Command) -> Option<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        Some(Self {
            asked: child.stdin.take()?,
            said: BufReader::new(child.stdout.take()?),
            child,
        })
    }

    /// What so many repeats took.
    pub fn turn(&mut self, repeats: u32) -> Duration {
        writeln!(self.asked, "{repeats}").expect("a running program");
        let mut line = String::new();
        self.said.read_line(&mut line).expect("an answer");
        Duration::from_nanos(line.trim().parse().expect("nanoseconds"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
