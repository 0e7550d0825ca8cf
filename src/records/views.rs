//! The built-in views of the queue: which records each shows, and the navigation beside every page
//! of records. Pure.

use std::borrow::Cow;

use super::life_cycle::Group;
use super::list::{Counts, Filter, Whose};
use super::model::Kind;
use crate::people::{Right, Visitor};
use crate::platform::words::Words;

crate::text_enum! {
    /// A view that everybody has; the word in the URL.
    pub enum View {
        Mine = "mine",
        Teams = "teams",
        HandedOver = "handed_over",
        Unassigned = "unassigned",
        Waiting = "waiting",
        Flagged = "flagged",
        Open = "open",
        Incident = "incident",
        Request = "request",
        Problem = "problem",
        Change = "change",
        Postmortem = "postmortem",
        Action = "action",
    }
}

/// How often what was logged was of the wrong kind: for managers.
pub const KINDS: &str = "/reports/kinds";

/// What was learnt: for everybody who works.
const LIBRARY: &str = "/postmortems";

/// Breaches nobody has explained: for whoever leads a team, too.
const UNEXPLAINED: &str = "/reports/unexplained";
const OVERDUE: &str = "/reports/postmortems";

/// Who the views stand under in the navigation, in its order.
const GROUPS: [(&str, &[View]); 3] = [
    (
        "views-my-work",
        &[View::Mine, View::Teams, View::HandedOver],
    ),
    (
        "views-everyone",
        &[View::Open, View::Unassigned, View::Waiting, View::Flagged],
    ),
    (
        "views-kinds",
        &[
            View::Incident,
            View::Request,
            View::Problem,
            View::Change,
            View::Postmortem,
            View::Action,
        ],
    ),
];

impl View {
    /// What somebody sees first: the work of their teams, or all of it when they are in none.
    pub fn first_for(visitor: &Visitor) -> View {
        if visitor.teams.is_empty() {
            View::Open
        } else {
            View::Teams
        }
    }

    /// Whether it shows what the reader's teams have or had.
    fn is_of_teams(self) -> bool {
        matches!(self, View::Teams | View::HandedOver)
    }

    pub fn kind(self) -> Option<Kind> {
        match self {
            View::Incident => Some(Kind::Incident),
            View::Request => Some(Kind::Request),
            View::Problem => Some(Kind::Problem),
            View::Change => Some(Kind::Change),
            View::Postmortem => Some(Kind::Postmortem),
            View::Action => Some(Kind::Action),
            _ => None,
        }
    }

    /// The records it shows; all views show open ones unless asked for others.
    pub fn filter(self, visitor: &Visitor) -> Filter {
        let mut filter = Filter {
            open: Some(true),
            kind: self.kind(),
            ..Filter::default()
        };
        match self {
            View::Mine => filter.assignee = Some(visitor.id),
            View::Teams => filter.teams = Some(visitor.teams.clone()),
            View::HandedOver => filter.handed_over_by = Some(visitor.teams.clone()),
            View::Unassigned => filter.unassigned = true,
            View::Waiting => filter.group = Some(Group::Waiting),
            View::Flagged => filter.flagged = true,
            _ => {}
        }
        filter
    }

    /// How many open records it shows.
    pub fn count(self, counts: &Counts) -> i64 {
        match self {
            View::Mine => counts.mine,
            View::Teams => counts.teams,
            View::HandedOver => counts.handed_over,
            View::Unassigned => counts.unassigned,
            View::Waiting => counts.waiting,
            View::Flagged => counts.flagged,
            View::Open => counts.open,
            View::Incident => counts.of_kind(Kind::Incident),
            View::Request => counts.of_kind(Kind::Request),
            View::Problem => counts.of_kind(Kind::Problem),
            View::Change => counts.of_kind(Kind::Change),
            View::Postmortem => counts.of_kind(Kind::Postmortem),
            View::Action => counts.of_kind(Kind::Action),
        }
    }

    /// Whose tasks it shows beside the records.
    pub fn tasks(self) -> Option<Whose> {
        match self {
            View::Mine => Some(Whose::Mine),
            View::Teams => Some(Whose::MyTeams),
            _ => None,
        }
    }

    /// How many open tasks it shows.
    pub fn task_count(self, counts: &Counts) -> i64 {
        match self.tasks() {
            Some(Whose::Mine) => counts.my_tasks,
            Some(Whose::MyTeams) => counts.team_tasks,
            None => 0,
        }
    }

    /// Its name in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            View::Mine => "view-mine",
            View::Teams => "view-teams",
            View::HandedOver => "view-handed-over",
            View::Unassigned => "view-unassigned",
            View::Waiting => "view-waiting",
            View::Flagged => "view-flagged",
            View::Open => "view-open",
            View::Incident => "view-incident",
            View::Request => "view-request",
            View::Problem => "view-problem",
            View::Change => "view-change",
            View::Postmortem => "view-postmortem",
            View::Action => "view-action",
        }
    }

    pub const fn href(self) -> &'static str {
        match self {
            View::Mine => "/queue?view=mine",
            View::Teams => "/queue?view=teams",
            View::HandedOver => "/queue?view=handed_over",
            View::Unassigned => "/queue?view=unassigned",
            View::Waiting => "/queue?view=waiting",
            View::Flagged => "/queue?view=flagged",
            View::Open => "/queue?view=open",
            View::Incident => "/queue?view=incident",
            View::Request => "/queue?view=request",
            View::Problem => "/queue?view=problem",
            View::Change => "/queue?view=change",
            View::Postmortem => "/queue?view=postmortem",
            View::Action => "/queue?view=action",
        }
    }
}

/// A link of the navigation. What `records/_views.html` draws.
#[derive(Debug, Clone)]
pub struct ViewLink {
    pub label: Cow<'static, str>,
    pub href: &'static str,
    /// Open records and tasks in it, as the reader's language groups digits.
    pub count: String,
    pub current: bool,
}

/// Links under one heading.
#[derive(Debug, Clone)]
pub struct ViewGroup {
    pub label: Cow<'static, str>,
    pub links: Vec<ViewLink>,
}

/// The navigation; `current` is the view being read, if it is one. Nobody is offered the work of
/// teams they do not have.
pub fn links(
    t: Words,
    visitor: &Visitor,
    counts: &Counts,
    current: Option<View>,
) -> Vec<ViewGroup> {
    let mut groups: Vec<ViewGroup> = GROUPS
        .iter()
        .map(|(label, views)| ViewGroup {
            label: t.s(label),
            links: views
                .iter()
                .filter(|view| !view.is_of_teams() || !visitor.teams.is_empty())
                .map(|view| ViewLink {
                    label: t.s(view.key()),
                    href: view.href(),
                    count: t.number(view.count(counts) + view.task_count(counts)),
                    current: current == Some(*view),
                })
                .collect(),
        })
        .collect();
    let page = |key, href| ViewLink {
        label: t.s(key),
        href,
        count: String::new(),
        current: false,
    };
    let mut reports = vec![page("postmortem-library", LIBRARY)];
    if visitor.leads || visitor.has(Right::Manage) {
        reports.push(page("report-unexplained", UNEXPLAINED));
    }
    if visitor.has(Right::Manage) {
        reports.push(page("postmortems-overdue", OVERDUE));
        reports.push(page("kinds-title", KINDS));
    }
    groups.push(ViewGroup {
        label: t.s("views-reports"),
        links: reports,
    });
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::{Id, Utc};

    #[test]
    fn every_view_is_in_the_navigation_once_and_has_its_words() {
        let mut visitor = Visitor::command(Utc::from_micros(0));
        let words = Words::of("en");
        let offered = |visitor: &Visitor| {
            links(words, visitor, &Counts::default(), Some(View::Open))
                .into_iter()
                .flat_map(|group| group.links)
                .filter(|link| link.href.starts_with("/queue"))
                .collect::<Vec<_>>()
        };
        assert_eq!(offered(&visitor).len(), View::ALL.len() - 2);
        visitor.teams.push(Id::new());
        let all = offered(&visitor);
        for view in View::ALL {
            assert_eq!(all.iter().filter(|l| l.href == view.href()).count(), 1);
            assert!(words.has(view.key()), "{}", view.key());
            assert_eq!(view.href(), format!("/queue?view={view}"));
        }
        assert_eq!(all.iter().filter(|l| l.current).count(), 1);
    }

    #[test]
    fn whoever_leads_a_team_is_led_to_what_nobody_explained() {
        let words = Words::of("en");
        let offered = |visitor: &Visitor| {
            let groups = links(words, visitor, &Counts::default(), None);
            let all = groups.into_iter().flat_map(|group| group.links);
            let reports = all.map(|link| link.href);
            reports
                .filter(|href| href.starts_with("/reports/"))
                .collect::<Vec<_>>()
        };
        let mut visitor = Visitor::command(Utc::from_micros(0));
        assert_eq!(offered(&visitor), [UNEXPLAINED, OVERDUE, KINDS]);
        visitor.roles = crate::people::Roles::AGENT;
        assert!(offered(&visitor).is_empty());
        visitor.leads = true;
        assert_eq!(offered(&visitor), [UNEXPLAINED]);
    }

    #[test]
    fn the_first_view_is_the_teams_of_those_who_have_some() {
        let mut visitor = Visitor::command(Utc::from_micros(0));
        assert_eq!(View::first_for(&visitor), View::Open);
        visitor.teams.push(Id::new());
        assert_eq!(View::first_for(&visitor), View::Teams);
        assert_eq!(View::Teams.filter(&visitor).teams, Some(visitor.teams));
    }
}
