//! Settings: defaults < `andon.toml` < `ANDON_*` < flags.
//!
//! This is the only place that reads the environment. A setting that is unknown or malformed stops the start
//! with one line that names it, its value, what is accepted and where it came from: a desk that runs with
//! a setting it did not understand is worse than one that does not start. `docs/configuration.md` is the
//! page for administrators; a test holds it to the table in `layers`.

mod layers;
mod values;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::platform::db::DatabaseUrl;
use crate::platform::web::origin::Net;

use layers::Layers;
pub use values::{LogFormat, LogLevel, PublicUrl};

/// Everything that can be set, understood and checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub database: DatabaseUrl,
    pub listen: SocketAddr,
    pub public_url: PublicUrl,
    /// Whether somebody set it; otherwise it is where this machine listens.
    pub public_url_is_set: bool,
    pub trusted_proxies: Vec<Net>,
    pub insecure_http: bool,
    pub attachments_path: PathBuf,
    pub log_format: LogFormat,
    pub log_level: LogLevel,
    /// Threads that answer requests.
    pub workers: usize,
    pub session_idle_minutes: u32,
    pub session_absolute_hours: u32,
    /// Adds `Server-Timing` with the number of queries to each response.
    pub diagnostics: bool,
    /// What is allowed but will surprise somebody; said once at the start of the server.
    pub warnings: Vec<String>,
}

/// Flags that every command takes. They are text here: one parser, one message for all sources.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Flags {
    /// Settings file (default: andon.toml, where there is one)
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where the records are: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL", global = true)]
    pub database: Option<String>,
    /// Folder of the attachments, the same for every instance of a desk
    #[arg(long, value_name = "FOLDER", global = true)]
    pub attachments_path: Option<String>,
    /// Log lines as text or json
    #[arg(long, value_name = "FORMAT", global = true)]
    pub log_format: Option<String>,
    /// error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL", global = true)]
    pub log_level: Option<String>,
    #[arg(skip)]
    pub serve: ServeFlags,
}

/// Flags of `andon serve`; put them into `Flags::serve`.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ServeFlags {
    /// Address and port to answer on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Address people type, with https:// behind a proxy [default: http://ADDR]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, comma-separated (10.0.0.7,10.1.0.0/16)
    #[arg(long, value_name = "LIST")]
    pub trusted_proxies: Option<String>,
    /// Accept passwords over plain HTTP from other machines
    #[arg(long)]
    pub insecure_http: bool,
    /// Threads that answer requests [default: one per processor]
    #[arg(long, value_name = "N")]
    pub workers: Option<String>,
    /// Minutes without a request after which a session ends [default: 60]
    #[arg(long, value_name = "N")]
    pub session_idle_minutes: Option<String>,
    /// Hours after which a session ends in any case [default: 24]
    #[arg(long, value_name = "N")]
    pub session_absolute_hours: Option<String>,
    /// Show timings and the number of queries in a response header
    #[arg(long)]
    pub diagnostics: bool,
}

impl Config {
    /// Reads file and environment of this process. The error is one line for standard error.
    pub fn load(flags: Flags) -> Result<Config, String> {
        let env = environment()?;
        let file = match layers::named_file(&env, &flags) {
            Some(path) => Some(std::fs::read_to_string(&path).map_err(|error| {
                format!(
                    "the settings file {} cannot be read: {error}",
                    path.display()
                )
            })?),
            None if Path::new(layers::FILE).exists() => {
                Some(std::fs::read_to_string(layers::FILE).map_err(|error| {
                    format!(
                        "the settings file ./{} cannot be read: {error}",
                        layers::FILE
                    )
                })?)
            }
            None => None,
        };
        Config::build(file.as_deref(), env.into_iter(), flags)
    }

    /// The pure core: the text of the file, the environment and the flags in, settings out.
    pub fn build(
        file: Option<&str>,
        env: impl Iterator<Item = (String, String)>,
        flags: Flags,
    ) -> Result<Config, String> {
        let layers = Layers::collect(file, env.collect(), flags)?;

        let database: DatabaseUrl = layers
            .understood("database")?
            .unwrap_or(DatabaseUrl::Sqlite("andon.db".into()));
        let listen = layers
            .get("listen", values::listen)?
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let insecure_http = layers
            .get("insecure_http", values::yes_or_no)?
            .unwrap_or(false);
        let given_url = layers.get("public_url", values::public_url)?;
        let url_is_given = given_url.is_some();
        let public_url = PublicUrl::decide(given_url, listen, insecure_http)?;
        let attachments_path = layers
            .get("attachments_path", values::folder)?
            .unwrap_or_else(|| attachments_beside(&database));
        let session_idle_minutes = layers
            .get("session_idle_minutes", values::between(1, 1440))?
            .unwrap_or(60);
        let session_absolute_hours = layers
            .get("session_absolute_hours", values::between(1, 744))?
            .unwrap_or(24);

        if session_idle_minutes > session_absolute_hours * 60 {
            return Err(format!(
                "session_idle_minutes = {session_idle_minutes}: at most session_absolute_hours, which is \
                 {session_absolute_hours} h, is accepted"
            ));
        }
        let mut warnings = Vec::new();
        if !url_is_given && !listen.ip().is_loopback() {
            warnings.push(format!(
                "public_url is not set: forms are accepted from {public_url} only; set it to the address people type"
            ));
        }

        Ok(Config {
            database,
            listen,
            public_url,
            public_url_is_set: url_is_given,
            trusted_proxies: layers
                .get("trusted_proxies", values::networks)?
                .unwrap_or_default(),
            insecure_http,
            attachments_path,
            log_format: layers
                .get("log_format", values::log_format)?
                .unwrap_or_default(),
            log_level: layers
                .get("log_level", values::log_level)?
                .unwrap_or_default(),
            workers: layers
                .get("workers", values::between(1, 512))?
                .map_or_else(processors, |n| n as usize),
            session_idle_minutes,
            session_absolute_hours,
            diagnostics: layers
                .get("diagnostics", values::yes_or_no)?
                .unwrap_or(false),
            warnings,
        })
    }
}

/// Attachments live beside the database file, in a folder of its name, so that two desks in one folder
/// never share (and clean) each other's files; for PostgreSQL in `./attachments`.
fn attachments_beside(database: &DatabaseUrl) -> PathBuf {
    match database.file() {
        None => PathBuf::from("attachments"),
        Some(file) => {
            let mut name = file.file_stem().unwrap_or_default().to_owned();
            name.push("-attachments");
            file.with_file_name(name)
        }
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// The variables that are ours.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn environment() -> Result<Vec<(String, String)>, String> {
    std::env::vars_os()
        .filter(|(name, _)| {
            name.as_encoded_bytes()
                .starts_with(layers::PREFIX.as_bytes())
        })
        .map(
            |(name, value)| match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => Ok((name, value)),
                (Ok(name), Err(_)) => {
                    Err(format!("the environment variable {name} is not UTF-8 text"))
                }
                (Err(name), _) => Err(format!(
                    "the environment variable {name:?} is not UTF-8 text"
                )),
            },
        )
        .collect()
}

#[cfg(test)]
mod tests;
