//! The figures as a table, on the terminal and in `target/bench/report.md`.

use std::path::Path;

use crate::load::Rounds;
use crate::scenarios::{Backup, Export, Page};

pub struct Report {
    columns: Vec<Column>,
    head: String,
}

/// One database, one size.
pub struct Column {
    name: String,
    rows: Vec<(String, String)>,
    /// Figures that ratios are made of: what was measured and its value, larger being better.
    rates: Vec<(String, f64)>,
    pub limit: Option<f64>,
}

impl Report {
    pub fn begin(folder: &Path) -> Self {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpu
            .lines()
            .find_map(|l| l.strip_prefix("model name"))
            .unwrap_or(": unknown");
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let head = format!(
            "{cores} × {}; load average at the start {}; files under {}",
            model.trim_start_matches([' ', '\t', ':']),
            load.split(' ').next().unwrap_or("?"),
            folder.display()
        );
        eprintln!("{head}");
        Self {
            columns: Vec::new(),
            head,
        }
    }

    pub fn column(&self, name: &str) -> Column {
        eprintln!("{name}");
        Column {
            name: name.to_owned(),
            rows: Vec::new(),
            rates: Vec::new(),
            limit: None,
        }
    }

    pub fn add(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// Prints the table and the ratios.
    pub fn end(self, folder: &Path) {
        let mut text = format!("{}\n\n| |", self.head);
        for column in &self.columns {
            text.push_str(&format!(" {} |", column.name));
        }
        text.push_str("\n|---|");
        text.push_str(&"---|".repeat(self.columns.len()));
        text.push('\n');
        for (name, _) in self
            .columns
            .first()
            .map(|c| c.rows.as_slice())
            .unwrap_or_default()
        {
            text.push_str(&format!("| {name} |"));
            for column in &self.columns {
                let value = column.rows.iter().find(|(n, _)| n == name);
                text.push_str(&format!(" {} |", value.map_or("", |(_, v)| v.as_str())));
            }
            text.push('\n');
        }
        for line in self.ratios() {
            text.push_str(&format!("\n{line}\n"));
        }
        println!("\n{text}");
        std::fs::write(folder.join("report.md"), text).expect("report.md");
    }

    fn ratios(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let Some(usual) = self.columns.first() else {
            return lines;
        };
        if let (Some(limit), Some(queue)) = (usual.limit, usual.rate("queue page")) {
            let share = queue / limit * 100.0;
            lines.push(format!(
                "The queue page reaches {share:.0} % of its limit (binding: at least 30 %)."
            ));
        }
        if let Some(large) = self.columns.iter().find(|c| c.name.contains("1,000,000")) {
            for (name, rate) in &usual.rates {
                if let Some(other) = large.rate(name) {
                    let ratio = rate / other;
                    lines.push(format!(
                        "Ten times the records cost {name} {ratio:.2} × (binding: at most 1.3)."
                    ));
                }
            }
        }
        lines
    }
}

impl Column {
    pub fn put(&mut self, name: &str, value: String) {
        eprintln!("  {name}: {value}");
        self.rows.push((name.to_owned(), value));
    }

    fn rate(&self, name: &str) -> Option<f64> {
        self.rates
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, rate)| *rate)
    }

    fn rates(&mut self, name: &str, rounds: &Rounds) {
        let median = rounds.median();
        let (least, most) = rounds.range();
        self.rates.push((name.to_owned(), median.per_second));
        let rate = format!("{:.0} ({least:.0}–{most:.0})", median.per_second);
        self.put(&format!("{name}, /s (of three rounds)"), rate);
    }

    pub fn pages(&mut self, name: &str, rounds: &Rounds, page: Option<Page>) {
        self.rates(name, rounds);
        let median = rounds.median();
        let latency = format!(
            "{:.1}, {:.1}",
            median.percentile(0.5),
            median.percentile(0.95)
        );
        self.put(&format!("{name}, p50 and p95 ms"), latency);
        if let Some(page) = page {
            let kilobytes = |n: usize| n as f64 / 1000.0;
            let size = format!("{:.0}, {:.1}", kilobytes(page.bytes), kilobytes(page.sent));
            self.put(&format!("{name}, KB as made and as sent"), size);
        }
    }

    pub fn latency(&mut self, name: &str, rounds: &Rounds) {
        self.rates(name, rounds);
        let median = rounds.median();
        let latency = format!(
            "{:.1}, {:.1}",
            median.percentile(0.5),
            median.percentile(0.95)
        );
        self.put(&format!("{name}, p50 and p95 ms"), latency);
    }

    pub fn backup(&mut self, backup: &Backup) {
        let file = format!(
            "{:.1}, {:.0}; {:.0}",
            backup.took.as_secs_f64(),
            backup.bytes as f64 / 1e6,
            backup.highest
        );
        self.put("backup beside eight writers, s, MB; its memory MiB", file);
        let (alone, beside) = (
            backup.alone.percentile(0.95),
            backup.beside.percentile(0.95),
        );
        self.put(
            "create, p95 ms without and with a backup (binding: at most 2 ×)",
            format!("{alone:.1}, {beside:.1}: {:.2} ×", beside / alone),
        );
    }

    pub fn export(&mut self, export: &Export) {
        let per_second = export.rows as f64 / export.took.as_secs_f64();
        self.put(
            "export, rows and rows/s beside seven on the queue",
            format!("{}, {per_second:.0}", export.rows),
        );
        let after: Vec<String> = export.after.iter().map(|mib| format!("{mib:.0}")).collect();
        let memory = format!(
            "{:.0} → {}; highest {:.0}",
            export.before,
            after.join(", "),
            export.highest
        );
        self.put("resident before, after each of six exports, MiB", memory);
        let slow = format!("{}; {}", export.slow_bytes / 1000, export.pages);
        self.put(
            "meanwhile: KB to the slow reader; queue pages answered",
            slow,
        );
    }
}
