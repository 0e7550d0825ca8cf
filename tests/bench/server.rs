//! The product itself: the release binary in a process of its own, as an administrator starts it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

/// Where a run keeps attachments: each database its own, since a folder belongs to one desk.
pub fn files(folder: &Path, database: &str) -> PathBuf {
    let (backend, _) = database.split_once(':').expect("a scheme");
    folder.join(format!("files-{backend}"))
}

impl Server {
    /// Starts it on a free port of this machine with every setting at its default; its log goes to a
    /// file in the folder.
    pub fn start(folder: &Path, database: &str, more: &[&str]) -> Self {
        let log = std::fs::File::create(folder.join("server.log")).expect("a log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_andon"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database",
                database,
                "--attachments-path",
            ])
            .arg(files(folder, database))
            .args(more)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let address = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("listening on ")?;
                rest.trim_end_matches(')').parse().ok()
            })
            .unwrap_or_else(|| {
                panic!(
                    "the server did not start; see {}",
                    folder.join("server.log").display()
                )
            });
        Self { child, address }
    }

    /// Resident memory now and at its highest, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        memory_of(self.child.id())
    }

    /// Processor time it has used, its own and the kernel's for it.
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))
            .expect("the server runs");
        // The name, which may hold anything, ends with the last parenthesis.
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.map(|n| n.parse::<u64>().expect("ticks")).sum();
        Duration::from_millis(ticks * 10)
    }
}

/// The highest resident memory of a process so far, in MiB; 0 when it has gone.
pub fn highest_memory(process: u32) -> f64 {
    let (_, highest) = memory_of(process);
    if highest.is_nan() { 0.0 } else { highest }
}

fn memory_of(process: u32) -> (f64, f64) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    (
        of("VmRSS:").unwrap_or(f64::NAN) / 1024.0,
        of("VmHWM:").unwrap_or(f64::NAN) / 1024.0,
    )
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
