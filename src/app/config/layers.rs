//! Where a setting's text comes from: file, environment, flags; the last one wins.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use super::Flags;

/// Read when no other file is named.
pub(super) const FILE: &str = "andon.toml";
/// What an environment variable of ours starts with.
pub(super) const PREFIX: &str = "ANDON_";

/// How a setting is written in the file. Environment and flags are text anyway.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Whole,
    YesOrNo,
    List,
}

/// A setting: its key, how the file writes it, and what is accepted, in words.
pub(super) struct Setting {
    pub(super) key: &'static str,
    form: Form,
    accepts: &'static str,
}

const fn setting(key: &'static str, form: Form, accepts: &'static str) -> Setting {
    Setting { key, form, accepts }
}

pub(super) const SETTINGS: &[Setting] = &[
    setting(
        "database",
        Form::Text,
        "sqlite:PATH or postgres://USER@HOST/NAME",
    ),
    setting(
        "listen",
        Form::Text,
        "an IP address and a port, such as 127.0.0.1:8080",
    ),
    setting(
        "public_url",
        Form::Text,
        "http:// or https:// with a host and nothing behind it, such as https://desk.example.org",
    ),
    setting(
        "trusted_proxies",
        Form::List,
        "a list of IP addresses or networks, such as 10.0.0.7 or 10.1.0.0/16",
    ),
    setting("insecure_http", Form::YesOrNo, "true or false"),
    setting("attachments_path", Form::Text, "the path of a folder"),
    setting("log_format", Form::Text, "text or json"),
    setting("log_level", Form::Text, "error, warn, info, debug or trace"),
    setting("workers", Form::Whole, "a whole number from 1 to 512"),
    setting(
        "session_idle_minutes",
        Form::Whole,
        "a whole number from 1 to 1440",
    ),
    setting(
        "session_absolute_hours",
        Form::Whole,
        "a whole number from 1 to 744",
    ),
    setting("diagnostics", Form::YesOrNo, "true or false"),
];

/// Variables that are not settings: the file's name, and what the tests use.
fn is_other_variable(name: &str) -> bool {
    matches!(name, "ANDON_CONFIG" | "ANDON_REQUIRE_ALL") || name.starts_with("ANDON_TEST_")
}

/// The file that somebody named, by flag or by variable.
pub(super) fn named_file(env: &[(String, String)], flags: &Flags) -> Option<PathBuf> {
    let variable = || {
        env.iter()
            .find(|(name, _)| name == "ANDON_CONFIG")
            .map(|(_, value)| PathBuf::from(value))
    };
    flags.config.clone().or_else(variable)
}

struct Raw {
    text: String,
    source: String,
}

/// The winning text of each setting that is set, and where it came from.
pub(super) struct Layers(BTreeMap<&'static str, Raw>);

impl Layers {
    pub(super) fn collect(
        file: Option<&str>,
        env: Vec<(String, String)>,
        flags: Flags,
    ) -> Result<Layers, String> {
        let mut layers = Layers(BTreeMap::new());
        if let Some(text) = file {
            let name = named_file(&env, &flags).unwrap_or_else(|| PathBuf::from(FILE));
            layers.read_file(text, &name.display().to_string())?;
        }
        layers.read_environment(env)?;
        layers.read_flags(flags);
        Ok(layers)
    }

    fn read_file(&mut self, text: &str, name: &str) -> Result<(), String> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.split('\n').count());
            format!("{name}, line {line}: {}", one_line(error.message()))
        })?;
        for (key, value) in table {
            let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
                return Err(unknown(
                    &key,
                    name,
                    SETTINGS.iter().map(|setting| setting.key.to_owned()),
                ));
            };
            let text = match (setting.form, value) {
                (Form::Text, toml::Value::String(text)) => text,
                (Form::Whole, toml::Value::Integer(number)) => number.to_string(),
                (Form::YesOrNo, toml::Value::Boolean(value)) => value.to_string(),
                (Form::List, toml::Value::Array(items))
                    if items.iter().all(toml::Value::is_str) =>
                {
                    items
                        .iter()
                        .filter_map(toml::Value::as_str)
                        .collect::<Vec<_>>()
                        .join(",")
                }
                (form, value) => {
                    let hint = match form {
                        Form::Text => ", in quotes",
                        Form::List => ", in brackets, each in quotes",
                        Form::Whole | Form::YesOrNo => ", without quotes",
                    };
                    return Err(refusal(setting, &value.to_string(), name, hint));
                }
            };
            self.0.insert(
                setting.key,
                Raw {
                    text,
                    source: name.to_owned(),
                },
            );
        }
        Ok(())
    }

    fn read_environment(&mut self, env: Vec<(String, String)>) -> Result<(), String> {
        for (name, text) in env {
            if !name.starts_with(PREFIX) || is_other_variable(&name) {
                continue;
            }
            let Some(setting) = SETTINGS
                .iter()
                .find(|setting| variable(setting.key) == name)
            else {
                return Err(unknown(
                    &name,
                    "the environment",
                    SETTINGS.iter().map(|setting| variable(setting.key)),
                ));
            };
            self.0.insert(
                setting.key,
                Raw {
                    text,
                    source: format!("the environment, {name}"),
                },
            );
        }
        Ok(())
    }

    fn read_flags(&mut self, flags: Flags) {
        let yes = |flag: bool| flag.then(|| "true".to_owned());
        let serve = flags.serve;
        let given = [
            ("database", flags.database),
            ("attachments_path", flags.attachments_path),
            ("log_format", flags.log_format),
            ("log_level", flags.log_level),
            ("listen", serve.listen),
            ("public_url", serve.public_url),
            ("trusted_proxies", serve.trusted_proxies),
            ("insecure_http", yes(serve.insecure_http)),
            ("workers", serve.workers),
            ("session_idle_minutes", serve.session_idle_minutes),
            ("session_absolute_hours", serve.session_absolute_hours),
            ("diagnostics", yes(serve.diagnostics)),
        ];
        for (key, text) in given {
            if let Some(text) = text {
                self.0.insert(
                    key,
                    Raw {
                        text,
                        source: format!("the flag --{}", key.replace('_', "-")),
                    },
                );
            }
        }
    }

    /// The value of a setting, where it is set.
    pub(super) fn get<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let Some(raw) = self.0.get(key) else {
            return Ok(None);
        };
        parse(&raw.text)
            .map(Some)
            .ok_or_else(|| self.refused(key, raw, ""))
    }

    /// The same for a type that says itself what is wrong.
    pub(super) fn understood<T: FromStr<Err: Display>>(
        &self,
        key: &str,
    ) -> Result<Option<T>, String> {
        let Some(raw) = self.0.get(key) else {
            return Ok(None);
        };
        raw.text
            .parse()
            .map(Some)
            .map_err(|reason| self.refused(key, raw, &format!(" ({reason})")))
    }

    fn refused(&self, key: &str, raw: &Raw, reason: &str) -> String {
        match SETTINGS.iter().find(|setting| setting.key == key) {
            Some(setting) => refusal(setting, &raw.text, &raw.source, reason),
            None => format!("{key} is not a setting"),
        }
    }
}

/// `listen` → `ANDON_LISTEN`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase())
}

fn refusal(setting: &Setting, value: &str, source: &str, reason: &str) -> String {
    let value = if setting.key == "database" {
        masked(value)
    } else {
        value.to_owned()
    };
    one_line(&format!(
        "{} = {value} (from {source}) is not accepted: it must be {}{reason}",
        setting.key, setting.accepts
    ))
}

fn unknown(key: &str, source: &str, known: impl Iterator<Item = String>) -> String {
    let known: Vec<_> = known.collect();
    one_line(&format!(
        "{key} (from {source}) is not a setting; the settings are {}",
        known.join(", ")
    ))
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}

/// A database URL, however malformed, without anything that could be its password.
fn masked(url: &str) -> String {
    let url = url
        .split_once('?')
        .map_or(url.to_owned(), |(url, _)| format!("{url}?…"));
    match url.rsplit_once('@') {
        None => url,
        Some((who, place)) => {
            let (scheme, user) = who.split_once("://").unwrap_or(("", who));
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:…@{place}")
        }
    }
}
