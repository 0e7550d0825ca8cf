//! `andon import`: a file, looked through as a whole and then taken row by row. `docs/import.md` is
//! the page for whoever uses it.

mod lists;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::follow;
use crate::incidents::import::mapped::Map;
use crate::incidents::import::servicenow::{OTHER_CHANNEL, Options, Summary};
use crate::incidents::import::{
    Counts, Desk, Report, Watch, import_mapped, import_servicenow, source_name,
};
use crate::platform::db::Store;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::dates;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::table_file::Rejected;
use crate::records::Practices;
use crate::settings::import::What;

/// Rejected rows that are shown where no file takes them.
const SHOWN: u64 = 10;

/// Arguments.
#[derive(clap::Args)]
#[command(
    after_help = "Begin with --dry-run: it reads and checks everything and writes nothing.\n\
    Importing a file again changes nothing; a longer one adds what is new; a run that was \n\
    interrupted is continued by the next. Everything else: docs/import.md."
)]
pub struct Arguments {
    #[command(subcommand)]
    from: From,
}

#[derive(clap::Subcommand)]
enum From {
    /// A ServiceNow audit log: one row per update of an incident
    ServicenowLog {
        #[command(flatten)]
        common: Common,
    },
    /// Any table with one row per record, by a map of its columns
    Csv {
        #[command(flatten)]
        common: Common,
        /// What the columns are (docs/import-map.example.toml)
        #[arg(long, value_name = "MAP.toml")]
        map: PathBuf,
    },
    /// People: name, mail, phone, staff_number, organisation, location, manager, vip
    People {
        #[command(flatten)]
        list: List,
    },
    /// Configuration items: name, class, environment, team, service, depends_on
    Items {
        #[command(flatten)]
        list: List,
    },
}

/// A file of people or items.
#[derive(clap::Args)]
pub(super) struct List {
    /// The table, plain or packed with gzip
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Read and check everything, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(clap::Args)]
struct Common {
    /// The table, plain or packed with gzip
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Time zone of dates that name none, as Europe/Vienna [default: UTC, or the map's]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// How dates are written: iso, or a pattern as "m/d/yyyy HH:MM"
    #[arg(long, value_name = "PATTERN")]
    dates: Option<String>,
    /// Read and check everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write each row that was not imported to FILE, with line and reason
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    /// The other system's name; a number is known together with it [default: servicenow, or the map's]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

pub fn run(store: &Store, arguments: &Arguments) -> Result<()> {
    let common = match &arguments.from {
        From::People { list } => return lists::run(store, What::People, list),
        From::Items { list } => return lists::run(store, What::Items, list),
        From::ServicenowLog { common } | From::Csv { common, .. } => common,
    };
    let clock = Clock::system();
    let desk = Desk {
        store,
        clock: &clock,
        practices: Practices(follow::practice_of),
        dry_run: common.dry_run,
    };
    let mut screen = Screen::begin(common.rejected.as_deref())?;
    let began = Instant::now();
    let report = match &arguments.from {
        From::ServicenowLog { common } => {
            let options = options(common)?;
            import_servicenow(&desk, &common.file, &options, &mut screen)
        }
        From::Csv { common, map } => {
            let map = read_map(map, common)?;
            import_mapped(&desk, &common.file, &map, &mut screen)
        }
        From::People { .. } | From::Items { .. } => return Ok(()),
    };
    let seconds = began.elapsed().as_secs_f64();
    screen.end()?;
    let report = report?;
    print(&report, common, seconds);
    if report.cut_off {
        return Err(Error::inward(format!(
            "{}: the file could not be read to its end; what came before is imported",
            common.file.display()
        )));
    }
    Ok(())
}

fn options(common: &Common) -> Result<Options> {
    let mut options = Options::default();
    if let Some(zone) = &common.zone {
        options.zone = dates::zone(zone).map_err(|why| flag("--zone", why))?;
    }
    if let Some(pattern) = &common.dates {
        options.dates = pattern.parse().map_err(|why| flag("--dates", why))?;
    }
    if let Some(source) = &common.source {
        options.source = source_name(source).map_err(|why| flag("--source", why))?;
    }
    Ok(options)
}

fn read_map(path: &Path, common: &Common) -> Result<Map> {
    let in_file = |why: &dyn std::fmt::Display| Error::inward(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|why| in_file(&why))?;
    let mut map = Map::parse(&text).map_err(|why| in_file(&why))?;
    if let Some(zone) = &common.zone {
        map = map.with_zone(dates::zone(zone).map_err(|why| flag("--zone", why))?);
    }
    if let Some(pattern) = &common.dates {
        map = map.with_dates(pattern.parse().map_err(|why| flag("--dates", why))?);
    }
    if let Some(source) = &common.source {
        let source = source_name(source).map_err(|why| flag("--source", why))?;
        map = map.with_source(&source).map_err(|why| in_file(&why))?;
    }
    Ok(map)
}

fn flag(name: &str, why: impl std::fmt::Display) -> Error {
    Error::inward(format!("{name}: {why}"))
}

/// The terminal: a bar where somebody sees it, and rejected rows.
struct Screen {
    bar: ProgressBar,
    file: Option<(PathBuf, csv::Writer<File>)>,
    rejected: u64,
}

impl Screen {
    fn begin(rejected: Option<&Path>) -> Result<Self> {
        let file = rejected
            .map(|path| {
                let in_file = |why: &dyn std::fmt::Display| {
                    Error::inward(format!("--rejected {}: {why}", path.display()))
                };
                let file = File::create(path).map_err(|why| in_file(&why))?;
                let mut file = csv::Writer::from_writer(file);
                file.write_record(Rejected::COLUMNS)
                    .map_err(|why| in_file(&why))?;
                Ok::<_, Error>((path.to_owned(), file))
            })
            .transpose()?;
        Ok(Self {
            bar: ProgressBar::hidden(),
            file,
            rejected: 0,
        })
    }

    fn end(&mut self) -> Result<()> {
        self.bar.finish_and_clear();
        if let Some((_, file)) = &mut self.file {
            file.flush()?;
        }
        if self.file.is_none() && self.rejected > SHOWN {
            let more = self.rejected - SHOWN;
            eprintln!("… and {more} more: --rejected FILE writes all of them");
        }
        Ok(())
    }
}

impl Watch for Screen {
    fn expect(&mut self, rows: u64) {
        // Drawn on standard error, and only where that is a terminal.
        self.bar = ProgressBar::new(rows);
        let style = "{bar:40} {human_pos}/{human_len} rows, {per_sec}, {eta} to go";
        if let Ok(style) = ProgressStyle::with_template(style) {
            self.bar.set_style(style);
        }
    }

    fn rows(&mut self, rows: u64) {
        self.bar.inc(rows);
    }

    fn rejected(&mut self, row: &Rejected) -> Result<()> {
        self.rejected += 1;
        match &mut self.file {
            Some((path, file)) => file
                .write_record(row.fields())
                .map_err(|why| Error::inward(format!("--rejected {}: {why}", path.display()))),
            None => {
                if self.rejected <= SHOWN {
                    self.bar.suspend(|| eprintln!("{row}"));
                }
                Ok(())
            }
        }
    }
}

fn print(report: &Report, common: &Common, seconds: f64) {
    let Counts {
        new,
        continued,
        known,
        held_back,
        rows_taken,
        rows_known,
        rows_rejected,
        facts,
        created: [people, teams, services, categories],
    } = report.counts;
    let would = if common.dry_run { "would be " } else { "" };
    println!("{}", common.file.display());
    println!(
        "  records {would}imported: {new} new, {continued} continued; {known} known already, {held_back} held back"
    );
    println!(
        "  rows {would}taken: {rows_taken} ({facts} facts); {rows_known} known already, {rows_rejected} rejected"
    );
    println!(
        "  {would}created for them: {people} people, {teams} teams, {services} services, {categories} categories"
    );
    if report.other_channel > 0 {
        println!(
            "  {} have no channel that is known here, and got {OTHER_CHANNEL}",
            report.other_channel
        );
    }
    if let Some(summary) = &report.summary {
        print_summary(summary);
    }
    if rows_rejected > 0 {
        match &common.rejected {
            Some(path) => println!("  the rejected rows are in {}", path.display()),
            None => println!("  mend the rejected rows and import the file again"),
        }
    }
    if common.dry_run {
        println!("  nothing was written (--dry-run)");
    }
    let rows = rows_taken + rows_known + rows_rejected;
    println!(
        "  {rows} rows in {seconds:.1} s, {:.0} a second",
        rows as f64 / seconds.max(0.001)
    );
}

fn print_summary(summary: &Summary) {
    let list = |title: &str, counts: &std::collections::BTreeMap<String, u64>| {
        if counts.is_empty() {
            return;
        }
        let counts: Vec<String> = counts
            .iter()
            .map(|(label, n)| {
                let label = if label.is_empty() { "(none)" } else { label };
                format!("{label} {n}")
            })
            .collect();
        println!("  {title}: {}", counts.join(", "));
    };
    println!("  in the file: {} incidents", summary.incidents);
    list("priorities", &summary.by_priority);
    list("ever in state", &summary.ever_in_state);
    list("states kept as labels (rows)", &summary.kept_states);
    println!(
        "  without resolved_at {}, re-opened {} ({} times), reassignments {}, priority changed {}, rows twice {}",
        summary.without_resolved_at,
        summary.reopened,
        summary.reopens,
        summary.reassignments,
        summary.priority_changed,
        summary.repeated_rows
    );
}
