//! The life cycles, exhaustively: every practice × state × move × role.
//!
//! What is expected is written here by hand, from the issue, and knows nothing of the tables in the
//! code; the tables must say the same, and the actions must do what they say.

use std::collections::{BTreeMap, BTreeSet};

use andon::follow::practice_of;
use andon::people::Visitor;
use andon::platform::db::{Id, Write};
use andon::platform::kernel::ctx::Ctx;
use andon::platform::kernel::error::{Error, Result};
use andon::records::{self, Kind, Number, Record, Verb, actions};

use crate::app::{App, Desk, Human, LogCall, each_database};

/// Kind, state, its group, and its moves as `verb>state`. `:m` for managers and administrators only,
/// `:r` for the requester of the record as well, `:s` for nobody by hand (a change has acts of its own,
/// which ask its authority); everything else is for whoever works on records.
const TABLE: &str = "
incident new               open     advance>in_progress hold>waiting resolve>resolved cancel>cancelled:r
incident assigned          open     advance>in_progress hold>waiting resolve>resolved cancel>cancelled:r
incident in_progress       open     hold>waiting resolve>resolved cancel>cancelled:r
incident waiting           waiting  resume>in_progress resolve>resolved cancel>cancelled:r
incident resolved          done     close>closed:r reopen>in_progress:r
incident closed            done
incident cancelled         done
request  new               open     advance>awaiting_approval advance>in_fulfilment cancel>cancelled:r
request  awaiting_approval waiting  advance>in_fulfilment:m reject>rejected:m cancel>cancelled:r
request  in_fulfilment     open     hold>waiting resolve>fulfilled cancel>cancelled:r
request  waiting           waiting  resume>in_fulfilment resolve>fulfilled cancel>cancelled:r
request  fulfilled         done     close>closed:r reopen>in_fulfilment:r
request  closed            done
request  rejected          done
request  cancelled         done
problem  new                 open   advance>under_investigation advance>fix_planned resolve>resolved cancel>cancelled
problem  under_investigation open   advance>fix_planned resolve>resolved cancel>cancelled
problem  fix_planned         open   advance>under_investigation advance>fix_in_progress advance>verifying resolve>resolved cancel>cancelled
problem  fix_in_progress     open   advance>under_investigation advance>fix_planned advance>verifying resolve>resolved cancel>cancelled
problem  verifying           open   advance>under_investigation advance>fix_planned resolve>resolved cancel>cancelled
problem  resolved            done   close>closed reopen>under_investigation
problem  closed              done
problem  cancelled           done
change   draft             open     advance>assessment:s advance>awaiting_approval:s advance>scheduled:s advance>implementing:s advance>review:s cancel>cancelled
change   assessment        open     advance>awaiting_approval:s advance>draft:s cancel>cancelled
change   awaiting_approval waiting  advance>draft:s advance>scheduled:s advance>implementing:s reject>rejected:s cancel>cancelled
change   scheduled         open     advance>implementing:s advance>awaiting_approval:s advance>draft:s cancel>cancelled
change   implementing      open     advance>review:s
change   review            open     close>closed:s
change   closed            done
change   rejected          done     advance>draft:s
change   cancelled         done
postmortem draft           open     advance>facts_agreed:s cancel>cancelled
postmortem facts_agreed    open     advance>in_review:s advance>draft:s cancel>cancelled
postmortem in_review       waiting  advance>draft:s advance>published:s cancel>cancelled
postmortem published       waiting  advance>draft:s close>closed:s
postmortem closed          done     reopen>published:s
postmortem cancelled       done
action   open              open     advance>in_progress advance>done cancel>declined
action   in_progress       open     advance>done cancel>declined
action   done              waiting  advance>in_progress close>verified:s cancel>declined
action   verified          done
action   declined          done
";

/// How a record gets to a state, by hand: `verb` or `verb>state`.
fn way_to(kind: Kind, state: &str) -> &'static str {
    match (kind, state) {
        (_, "new" | "draft") | (Kind::Action, "open") => "",
        (Kind::Incident, "assigned") => "assign",
        (Kind::Incident, "in_progress") => "advance>in_progress",
        (Kind::Incident, "waiting") => "advance>in_progress hold",
        (Kind::Incident | Kind::Problem, "resolved") => "resolve",
        (Kind::Incident | Kind::Problem, "closed") => "resolve close",
        (Kind::Request, "awaiting_approval") => "advance>awaiting_approval",
        (Kind::Request, "in_fulfilment") => "advance>in_fulfilment",
        (Kind::Request, "waiting") => "advance>in_fulfilment hold",
        (Kind::Request, "fulfilled") => "advance>in_fulfilment resolve",
        (Kind::Request, "closed") => "advance>in_fulfilment resolve close",
        (Kind::Request, "rejected") => "advance>awaiting_approval reject",
        (Kind::Problem, "under_investigation") => "advance>under_investigation",
        (Kind::Problem, "fix_planned") => "advance>under_investigation advance>fix_planned",
        (Kind::Problem, "fix_in_progress") => {
            "advance>under_investigation advance>fix_planned advance>fix_in_progress"
        }
        (Kind::Problem, "verifying") => {
            "advance>under_investigation advance>fix_planned advance>fix_in_progress advance>verifying"
        }
        (Kind::Change, "assessment") => "moved>assessment",
        (Kind::Change, "awaiting_approval") => "moved>assessment moved>awaiting_approval",
        (Kind::Change, "scheduled") => "moved>assessment moved>awaiting_approval moved>scheduled",
        (Kind::Change, "implementing") => {
            "moved>assessment moved>awaiting_approval moved>scheduled moved>implementing"
        }
        (Kind::Change, "review") => "moved>scheduled moved>implementing moved>review",
        (Kind::Change, "closed") => "moved>scheduled moved>implementing moved>review moved>closed",
        (Kind::Change, "rejected") => "moved>assessment moved>awaiting_approval moved>rejected",
        (Kind::Postmortem, "facts_agreed") => "moved>facts_agreed",
        (Kind::Postmortem, "in_review") => "moved>facts_agreed moved>in_review",
        (Kind::Postmortem, "published") => "moved>facts_agreed moved>in_review moved>published",
        (Kind::Postmortem, "closed") => {
            "moved>facts_agreed moved>in_review moved>published moved>closed"
        }
        (Kind::Action, "in_progress") => "advance>in_progress",
        (Kind::Action, "done") => "advance>done",
        (Kind::Action, "verified") => "advance>done moved>verified",
        (_, "cancelled" | "declined") => "cancel",
        other => panic!("no way to {other:?}"),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    verb: String,
    to: String,
    who: char,
}

/// (kind, state) → its group and its moves, from [`TABLE`].
fn table() -> BTreeMap<(Kind, String), (String, Vec<Expected>)> {
    TABLE
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let kind = Kind::from_word(words[0]).unwrap();
            let moves = words[3..].iter().map(|word| {
                let (word, who) = word.split_once(':').unwrap_or((word, "a"));
                let (verb, to) = word.split_once('>').unwrap();
                Expected {
                    verb: verb.into(),
                    to: to.into(),
                    who: who.chars().next().unwrap(),
                }
            });
            (
                (kind, words[1].to_owned()),
                (words[2].to_owned(), moves.collect()),
            )
        })
        .collect()
}

/// Does one verb with everything it could need.
fn attempt(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    verb: &str,
    to: &str,
    assignee: &Human,
) -> Result<Record> {
    let practice = practice_of(number.kind);
    match verb {
        "assign" => {
            let command = actions::Assign {
                seen: i64::MAX,
                assignee: Some(Some(assignee.id)),
                ..actions::Assign::default()
            };
            actions::assign(w, visitor, ctx, practice, number, &command)
        }
        "advance" => actions::advance(w, visitor, ctx, practice, number, to, ""),
        "moved" => moved(w, visitor, ctx, number, to),
        "reject" => {
            let rejected = "rejected";
            actions::advance(w, visitor, ctx, practice, number, rejected, "because")
        }
        "hold" => {
            let command = actions::HoldCommand {
                reason: "other".into(),
                ..actions::HoldCommand::default()
            };
            actions::hold(w, visitor, ctx, practice, number, &command)
        }
        "resume" => actions::resume(w, visitor, ctx, practice, number),
        "resolve" => {
            let command = actions::Resolve {
                code: "fixed".into(),
                text: "Done".into(),
            };
            actions::resolve(w, visitor, ctx, practice, number, &command)
        }
        "close" => actions::close(w, visitor, ctx, practice, number),
        "reopen" => {
            let command = actions::Reopen {
                who: "Rita".into(),
                why: "Not done".into(),
            };
            actions::reopen(w, visitor, ctx, practice, number, &command)
        }
        "cancel" => {
            let command = actions::Resolve {
                code: "withdrawn".into(),
                // Some kinds say why.
                text: "Not needed".into(),
            };
            actions::cancel(w, visitor, ctx, practice, number, &command)
        }
        other => panic!("no verb {other}"),
    }
}

/// A change where the story needs it, whatever authorised it.
pub fn moved(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    to: &str,
) -> Result<Record> {
    let (verb, what) = match to {
        "rejected" => (Verb::Reject, "rejected"),
        "closed" | "verified" => (Verb::Close, "closed"),
        _ => (Verb::Advance, "advanced"),
    };
    let before = records::find_visible(w, visitor, number)?;
    let practice = practice_of(number.kind);
    let after = actions::moved(w, practice, &before, verb, to, ctx.now)?;
    let fact = actions::fact(number.kind, what);
    records::save(w, ctx, &before, after, fact, Vec::new())
}

/// A record of this kind in this state, requested by the desk's requester and watched.
pub fn record_in(app: &App, desk: &Desk, kind: Kind, state: &str) -> Record {
    let title = format!("{kind} {state}");
    let call = LogCall::of(kind, &title).from(&desk.requester);
    let mut record = app.log(&desk.manager, &call);
    for step in way_to(kind, state).split_whitespace() {
        let (verb, to) = step.split_once('>').unwrap_or((step, ""));
        record = app
            .act(&desk.manager, |w, visitor, ctx| {
                attempt(w, visitor, ctx, record.number(), verb, to, &desk.agent)
            })
            .unwrap_or_else(|e| panic!("{kind} to {state}, {step}: {e}"));
    }
    assert_eq!(record.state, state);
    let watcher = desk.watcher.id;
    app.act(&desk.manager, |w, visitor, ctx| {
        actions::watch(w, visitor, ctx, record.number(), watcher)
    })
    .unwrap()
}

#[test]
fn states_and_groups_are_the_ones_of_the_issue() {
    let table = table();
    for kind in Kind::ALL {
        let practice = practice_of(*kind);
        let told: BTreeSet<(String, String)> = table
            .iter()
            .filter(|((k, _), _)| k == kind)
            .map(|((_, state), (group, _))| (state.clone(), group.clone()))
            .collect();
        let there: BTreeSet<(String, String)> = practice
            .states
            .iter()
            .map(|s| (s.word.to_owned(), s.group.word().to_owned()))
            .collect();
        assert_eq!(there, told, "{kind}");
        assert_eq!(practice.kind, *kind);
        let first = match kind {
            Kind::Change | Kind::Postmortem => "draft",
            Kind::Action => "open",
            _ => "new",
        };
        assert_eq!(practice.first, first);
        // Every move begins and ends in a state there is.
        for step in practice.moves {
            assert!(step.from.iter().all(|from| practice.state(from).is_some()));
            assert!(step.to == records::BACK || practice.state(step.to).is_some());
        }
    }
}

/// The state in the text of its group, for what one role may do in one state.
fn expected(desk: &Desk, who: &Human, kind: Kind, found: Option<&Expected>) -> &'static str {
    let works = [&desk.agent, &desk.manager, &desk.administrator]
        .iter()
        .any(|p| p.id == who.id);
    let manages = [&desk.manager, &desk.administrator]
        .iter()
        .any(|p| p.id == who.id);
    let is_requester = who.id == desk.requester.id;
    // What was learnt, and what is done about it, is the desk's own.
    let is_theirs = !matches!(kind, Kind::Postmortem | Kind::Action);
    let sees = works || is_theirs && (is_requester || who.id == desk.watcher.id);
    let allowed = match found.map(|f| f.who) {
        Some('m') => manages,
        Some('s') => false,
        Some('r') => works || is_requester,
        _ => works,
    };
    match (sees, found, allowed) {
        (false, _, _) => "not found",
        (true, None, _) => "refused",
        (true, Some(_), false) => "forbidden",
        (true, Some(_), true) => "done",
    }
}

fn said<T>(outcome: &Result<T>) -> String {
    match outcome {
        Ok(_) => "done".into(),
        Err(Error::NotFound) => "not found".into(),
        Err(Error::Forbidden(_)) => "forbidden".into(),
        Err(Error::Refused(_)) => "refused".into(),
        Err(e) => format!("{e:?}"),
    }
}

#[test]
fn every_move_from_every_state_by_every_role() {
    each_database(|app| {
        let desk = app.desk();
        let roles = [
            &desk.requester,
            &desk.other,
            &desk.watcher,
            &desk.approver,
            &desk.agent,
            &desk.manager,
            &desk.administrator,
        ];
        let mut tried = 0;
        for ((kind, state), (_, moves)) in table() {
            let record = record_in(&app, &desk, kind, &state);
            let number = record.number();
            let states = practice_of(kind).states.iter().map(|s| s.word);
            let mut asked: Vec<(&str, &str)> = states
                .filter(|to| *to != "rejected")
                .map(|to| ("advance", to))
                .collect();
            asked.extend(
                [
                    "hold", "resume", "resolve", "close", "reopen", "reject", "cancel",
                ]
                .map(|v| (v, "")),
            );
            for (verb, to) in asked {
                let found = moves
                    .iter()
                    .find(|m| m.verb == verb && (verb != "advance" || m.to == to));
                for who in roles {
                    let outcome = app.would(who, |w, visitor, ctx| {
                        attempt(w, visitor, ctx, number, verb, to, &desk.agent)
                    });
                    let told = expected(&desk, who, kind, found);
                    let name = &who.name;
                    assert_eq!(
                        said(&outcome),
                        told,
                        "{number} {state} {verb} {to} by {name}"
                    );
                    if let (Ok(after), Some(found)) = (outcome, found) {
                        assert_eq!(after.state, found.to, "{state} {verb} {to} by {name}");
                        let group = practice_of(kind).state(&after.state).unwrap().group;
                        assert_eq!(after.state_group, group);
                        assert_eq!(after.is_open, group != records::Group::Done);
                    }
                    tried += 1;
                }
            }
            // Nothing of this happened.
            assert_eq!(app.record(record.id).facts, record.facts);
        }
        assert!(tried > 3000, "{tried}");
    });
}

/// Assigning is for open records of any state; only a new incident changes its state by it.
#[test]
fn assigning_is_for_open_records() {
    each_database(|app| {
        let desk = app.desk();
        for ((kind, state), (group, _)) in table() {
            let record = record_in(&app, &desk, kind, &state);
            for who in [
                &desk.requester,
                &desk.other,
                &desk.watcher,
                &desk.approver,
                &desk.agent,
                &desk.manager,
                &desk.administrator,
            ] {
                let outcome = app.would(who, |w, visitor, ctx| {
                    let colleague = &desk.colleague;
                    attempt(w, visitor, ctx, record.number(), "assign", "", colleague)
                });
                let told = match (expected(&desk, who, kind, None), group.as_str()) {
                    ("not found", _) => "not found",
                    _ if who.id == desk.requester.id || who.id == desk.watcher.id => "forbidden",
                    (_, "done") => "refused",
                    _ => "done",
                };
                assert_eq!(said(&outcome), told, "{kind} {state} by {}", who.name);
                if let Ok(after) = outcome {
                    let to = match (kind, state.as_str()) {
                        (Kind::Incident, "new") => "assigned",
                        (_, state) => state,
                    };
                    assert_eq!(
                        (after.state.as_str(), after.assignee_id),
                        (to, Some(desk.colleague.id))
                    );
                }
            }
        }
    });
}

/// What a move must bring, left out one thing at a time.
#[test]
fn moves_refuse_to_go_without_what_they_need() {
    each_database(|app| {
        let desk = app.desk();
        for ((kind, state), (_, moves)) in table() {
            let record = record_in(&app, &desk, kind, &state);
            // What nobody does by hand asks for nothing here.
            for step in moves.into_iter().filter(|step| step.who != 's') {
                for (missing, fields) in without(&app, &desk, &record, &step) {
                    match missing {
                        Err(Error::Invalid(invalid)) => {
                            let named: Vec<&str> = invalid.0.iter().map(|(f, _)| *f).collect();
                            assert_eq!(named, fields, "{kind} {state} {}", step.verb);
                        }
                        other => {
                            panic!("{kind} {state} {} without {fields:?}: {other:?}", step.verb)
                        }
                    }
                }
            }
        }
    });
}

/// Each way to leave something out of a move, with the fields that must be named.
fn without(
    app: &App,
    desk: &Desk,
    record: &Record,
    step: &Expected,
) -> Vec<(Result<Record>, Vec<&'static str>)> {
    let (practice, number) = (practice_of(record.kind), record.number());
    let who = &desk.manager;
    let end = |code: &str, text: &str| actions::Resolve {
        code: code.into(),
        text: text.into(),
    };
    let resolve = |code: &str, text: &str| {
        let command = end(code, text);
        app.would(who, |w, v, ctx| {
            actions::resolve(w, v, ctx, practice, number, &command)
        })
    };
    let cancel = |code: &str| {
        let command = end(code, "with text");
        app.would(who, |w, v, ctx| {
            actions::cancel(w, v, ctx, practice, number, &command)
        })
    };
    let reopen = |by: &str, why: &str| {
        let command = actions::Reopen {
            who: by.into(),
            why: why.into(),
        };
        app.would(who, |w, v, ctx| {
            actions::reopen(w, v, ctx, practice, number, &command)
        })
    };
    match step.verb.as_str() {
        "resolve" => vec![
            (resolve("", "text"), vec!["resolution_code"]),
            (resolve("fixed", ""), vec!["resolution_text"]),
            (resolve("", ""), vec!["resolution_code", "resolution_text"]),
            // A code of another list is none.
            (resolve("withdrawn", "text"), vec!["resolution_code"]),
        ],
        "cancel" => vec![
            (cancel(""), vec!["cancellation_code"]),
            (cancel("fixed"), vec!["cancellation_code"]),
        ],
        "reopen" => vec![
            (reopen("", "why"), vec!["reopen_who"]),
            (reopen("who", ""), vec!["reopen_why"]),
            (reopen("", ""), vec!["reopen_who", "reopen_why"]),
        ],
        "reject" => {
            let outcome = app.would(who, |w, v, ctx| {
                actions::advance(w, v, ctx, practice, number, "rejected", "")
            });
            vec![(outcome, vec!["reason"])]
        }
        "hold" => {
            let outcome = app.would(who, |w, v, ctx| {
                let command = actions::HoldCommand::default();
                actions::hold(w, v, ctx, practice, number, &command)
            });
            vec![(outcome, vec!["hold_reason"])]
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_resolved_record_closes_itself_and_is_final() {
    each_database(|app| {
        let desk = app.desk();
        let incident = record_in(&app, &desk, Kind::Incident, "resolved");
        let request = record_in(&app, &desk, Kind::Request, "fulfilled");
        let problem = record_in(&app, &desk, Kind::Problem, "resolved");
        let all = [&incident, &request, &problem];
        app.travel(time::Duration::days(5) - time::Duration::minutes(1));
        app.work();
        for record in all {
            assert_ne!(app.record(record.id).state, "closed", "too early");
        }
        app.travel(time::Duration::minutes(2));
        app.work();
        for record in all {
            let closed = app.record(record.id);
            assert_eq!(closed.state, "closed");
            assert!(closed.closed_at.is_some() && closed.resolved_at.is_some());
            let facts = closed.facts;
            app.work();
            assert_eq!(app.record(record.id).facts, facts, "closed twice");
        }
        let count = app.count("SELECT count(*) FROM facts WHERE door = 'worker'");
        assert_eq!(count, 3);
    });
}

#[test]
fn the_days_until_a_record_closes_are_a_setting() {
    each_database(|app| {
        let desk = app.desk();
        app.write(|w| andon::services::set_setting(w, "close_after_days", "2"));
        let record = record_in(&app, &desk, Kind::Incident, "resolved");
        app.travel(time::Duration::days(2) + time::Duration::minutes(1));
        app.work();
        assert_eq!(app.record(record.id).state, "closed");
    });
}

#[test]
fn reopening_goes_back_to_the_team_that_resolved_and_keeps_the_former_resolution() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let number = record.number();
        let practice = practice_of(Kind::Incident);
        let done = |app: &App, verb: &str| {
            app.act(&desk.agent, |w, v, ctx| {
                attempt(w, v, ctx, number, verb, "", &desk.agent)
            })
            .unwrap()
        };
        let to_team = |app: &App, team: Id<_>| {
            app.act(&desk.agent, |w, v, ctx| {
                let command = actions::Assign {
                    seen: i64::MAX,
                    team: Some(Some(team)),
                    sentence: actions::Sentence {
                        tried: "Another cable".into(),
                        wanted: "A look at the switch".into(),
                    },
                    ..actions::Assign::default()
                };
                actions::assign(w, v, ctx, practice, number, &command)
            })
        };
        to_team(&app, desk.network).unwrap();
        done(&app, "resolve");
        let reopened = done(&app, "reopen");
        assert_eq!(reopened.team_id, Some(desk.network));
        assert_eq!(
            (reopened.state.as_str(), reopened.reopens),
            ("in_progress", 1)
        );
        assert_eq!(reopened.resolved_at, None);
        // To another team, resolved and re-opened again: each resolution stays.
        to_team(&app, desk.desk).unwrap();
        done(&app, "resolve");
        let reopened = done(&app, "reopen");
        assert_eq!((reopened.team_id, reopened.reopens), (Some(desk.desk), 2));
        let kept = app.read(|r| records::resolutions_of(r, record.id));
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().all(|k| k.superseded_at.is_some()));
        // The window is over five days after resolving, whether or not the worker came by.
        done(&app, "resolve");
        app.travel(time::Duration::days(5));
        let late = app.act(&desk.requester, |w, v, ctx| {
            attempt(w, v, ctx, number, "reopen", "", &desk.agent)
        });
        assert_eq!(said(&late), "refused");
    });
}

#[test]
fn solved_at_first_contact_goes_with_a_reopening() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "resolved");
        let marked = app
            .act(&desk.agent, |w, _, ctx| {
                let record = records::find_by_id(w, record.id)?;
                andon::incidents::mark_first_contact(w, ctx, record)
            })
            .unwrap();
        let marks = "SELECT count(*) FROM incidents WHERE first_contact";
        assert_eq!(app.count(marks), 1);
        let facts = marked.facts;
        app.act(&desk.agent, |w, v, ctx| {
            attempt(w, v, ctx, record.number(), "reopen", "", &desk.agent)
        })
        .unwrap();
        assert_eq!(app.count(marks), 0);
        // The re-opening and the withdrawal of the mark are two facts of one transaction.
        assert_eq!(app.record(record.id).facts, facts + 2);
    });
}
