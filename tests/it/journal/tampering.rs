//! Ways to tamper with the database past the product, and what verifying says of each.

use andon::app::verify;
use andon::journal::verify::Summary;
use andon::platform::db::Store;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// What somebody did, by which statements, and what must be said of it.
type Way = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// `{INC-1}` in a statement is that record's id.
const WAYS: &[Way] = &[
    // The six ways of the issue.
    (
        "a fact was edited",
        &["UPDATE facts SET door = 'api' WHERE subject_id = {INC-1} AND position = 2"],
        &["INC-1: fact 2 (incident.replied): edited"],
    ),
    (
        "facts were re-ordered",
        &[
            "UPDATE facts SET position = 1002 WHERE subject_id = {INC-1} AND position = 2",
            "UPDATE facts SET position = 2 WHERE subject_id = {INC-1} AND position = 3",
            "UPDATE facts SET position = 3 WHERE subject_id = {INC-1} AND position = 1002",
        ],
        &[
            "INC-1: fact 3 (incident.replied): out of order",
            "INC-1: fact 2",
        ],
    ),
    (
        "a fact was removed from the middle",
        &[
            "DELETE FROM fact_texts WHERE fact_seq IN \
             (SELECT seq FROM facts WHERE subject_id = {INC-1} AND position = 3)",
            "DELETE FROM facts WHERE subject_id = {INC-1} AND position = 3",
        ],
        &["INC-1: fact 3 of its chain: missing", "INC-1: attachment"],
    ),
    (
        "facts were cut off at the end",
        &[
            "DELETE FROM fact_texts WHERE fact_seq IN \
             (SELECT seq FROM facts WHERE subject_id = {INC-2} AND position > 6)",
            "DELETE FROM facts WHERE subject_id = {INC-2} AND position > 6",
        ],
        &[
            "of its chain: cut off at the end",
            "INC-2: state: the journal says resolved",
        ],
    ),
    (
        "a record was dropped with everything of it",
        &[
            "DELETE FROM fact_texts WHERE fact_seq IN (SELECT seq FROM facts WHERE subject_id = {INC-2})",
            "DELETE FROM facts WHERE subject_id = {INC-2}",
            "DELETE FROM links WHERE from_id = {INC-2} OR to_id = {INC-2}",
            "DELETE FROM holds WHERE record_id = {INC-2}",
            "DELETE FROM resolutions WHERE record_id = {INC-2}",
            "DELETE FROM search_texts WHERE record_id = {INC-2}",
            "DELETE FROM records WHERE kind = 'incident' AND number = 2",
        ],
        &["INC-2: missing", "checkpoint 1: the heads"],
    ),
    (
        "a record's row was edited",
        &["UPDATE records SET title = 'All is well', priority = 4 WHERE id = {INC-1}"],
        &[
            "INC-1: title: the journal says “Printer burns brightly”, but there stands “All is well”",
            "INC-1: priority: the journal says 1, but there stands 4",
        ],
    ),
    // Chains, more cunningly.
    (
        "a fact's data was edited",
        &[
            "UPDATE facts SET data = replace(data, '\"internal\"', '\"public\"') \
           WHERE subject_id = {INC-1} AND position = 4",
        ],
        &[
            "INC-1: fact 4 (incident.noted): edited",
            "audience: the journal says public",
        ],
    ),
    (
        "a fact's data was destroyed",
        &["UPDATE facts SET data = '{' WHERE subject_id = {INC-1} AND position = 4"],
        &["INC-1: fact 4 (incident.noted): its data cannot be read"],
    ),
    (
        "a fact says who it was not",
        &["UPDATE facts SET actor_id = NULL WHERE subject_id = {CHG-1} AND position = 1"],
        &["CHG-1: fact 1 (change.created): edited"],
    ),
    (
        "the first fact was removed",
        &["DELETE FROM facts WHERE subject_id = {INC-3} AND position = 1"],
        &["INC-3: fact 1 of its chain: missing"],
    ),
    (
        "all facts of a record were removed",
        &["DELETE FROM facts WHERE subject_id = {INC-3}"],
        &["INC-3: it has no facts in the journal"],
    ),
    (
        "a fact was added",
        &[
            "INSERT INTO facts (subject_kind, subject_id, position, name, version, occurred_at, \
           recorded_at, door, data, previous, hash) SELECT subject_kind, subject_id, position + 1, \
           name, version, occurred_at, recorded_at, door, data, hash, hash FROM facts \
           WHERE subject_id = {INC-5} AND position = 1",
        ],
        &[
            "INC-5: fact 2 of its chain: its row does not count",
            "INC-5: fact 2 (incident.created): edited",
        ],
    ),
    (
        "facts were cut off and the row mended",
        &[
            "DELETE FROM fact_texts WHERE fact_seq IN \
             (SELECT seq FROM facts WHERE subject_id = {PRB-1} AND position = 2)",
            "DELETE FROM facts WHERE subject_id = {PRB-1} AND position = 2",
            "UPDATE records SET facts = 1, version = 1, updated_at = created_at, facts_head = \
             (SELECT hash FROM facts WHERE subject_id = {PRB-1} AND position = 1) WHERE id = {PRB-1}",
        ],
        &["checkpoint 1: the heads of the chains", "PRB-1: link"],
    ),
    (
        "the last record was dropped and its number taken back",
        &[
            "DELETE FROM fact_texts WHERE fact_seq IN (SELECT seq FROM facts WHERE subject_id = {INC-6})",
            "DELETE FROM facts WHERE subject_id = {INC-6}",
            "DELETE FROM search_texts WHERE record_id = {INC-6}",
            "DELETE FROM records WHERE kind = 'incident' AND number = 6",
            "UPDATE kinds SET last_number = 5 WHERE kind = 'incident'",
        ],
        &["checkpoint 2: the heads of the chains"],
    ),
    (
        "a record's row was dropped and its facts left",
        &["DELETE FROM records WHERE kind = 'incident' AND number = 3"],
        &["INC-3: missing", "INC-3: the journal has"],
    ),
    (
        "a number was changed",
        &["UPDATE records SET number = 77 WHERE id = {INC-3}"],
        &[
            "INC-77: number: the journal says 3",
            "INC-3: missing",
            "numbers run to 77",
        ],
    ),
    // Rows.
    (
        "words that do not exist were written",
        &["UPDATE records SET state = 'gone', channel = 'smoke' WHERE id = {INC-1}"],
        &[
            "INC-1: state: incident has none named gone",
            "INC-1: channel: the journal says chat",
        ],
    ),
    (
        "what is derived was edited",
        &[
            "UPDATE records SET state_group = 'open', version = 3, updated_at = created_at \
           WHERE id = {INC-2}",
        ],
        &[
            "INC-2: state group: the journal says done",
            "INC-2: version",
            "INC-2: updated",
        ],
    ),
    (
        "times and references were edited",
        &[
            "UPDATE records SET resolved_at = NULL, assignee_id = NULL, team_id = NULL, \
           created_at = updated_at, closed_at = updated_at WHERE id = {INC-1}",
        ],
        &[
            "INC-1: resolved_at: the journal says 2",
            "INC-1: assignee: the journal says “Ada Agent”",
            "INC-1: team: the journal says “Service desk”",
            "INC-1: created",
            "INC-1: closed_at: the journal says nothing",
        ],
    ),
    (
        "a description was emptied",
        &["UPDATE records SET description = '' WHERE id = {INC-1}"],
        &["INC-1: description: the journal says “Since this morning."],
    ),
    (
        "the head in a row was edited",
        &[
            "UPDATE records SET facts_head = (SELECT facts_head FROM records WHERE id = {INC-2}) \
           WHERE id = {INC-1}",
        ],
        &["INC-1: its row holds another head"],
    ),
    (
        "the first contact was edited",
        &["UPDATE incidents SET first_contact = NOT first_contact"],
        &["INC-4: first_contact: the journal says true, but there stands false"],
    ),
    // Rows beside records.
    (
        "an entry was edited",
        &["UPDATE entries SET body = 'Bring oil.' WHERE body = 'Bring water.'"],
        &["body: the journal says “Bring water.”, but there stands “Bring oil.”"],
    ),
    (
        "a note was made public",
        &["UPDATE entries SET audience = 'public' WHERE body = 'Bring water.'"],
        &["audience: the journal says internal, but there stands public"],
    ),
    (
        "an entry got another author and time",
        &[
            "UPDATE entries SET author_name = 'Eve', at = (SELECT created_at FROM records \
           WHERE id = {INC-1}) WHERE body = 'Bring water.'",
        ],
        &[
            "author: the journal says “Ada Agent”, but there stands “Eve”",
            ": at: the journal says",
        ],
    ),
    (
        "an entry was removed",
        &["DELETE FROM entries WHERE body = 'Bring water.'"],
        &["INC-1: entry", "but it is gone"],
    ),
    (
        "an entry was moved to another record",
        &["UPDATE entries SET record_id = {INC-2} WHERE body = 'Bring water.'"],
        &["INC-1: entry", "INC-2: entry", "the journal has none"],
    ),
    (
        "a journaled text was edited",
        &["UPDATE fact_texts SET text = 'Bring oil.' WHERE text = 'Bring water.'"],
        &["INC-1: fact 4 (incident.noted): text"],
    ),
    (
        "a text was added to a fact",
        &[
            "INSERT INTO fact_texts (fact_seq, slot, salt, text) SELECT fact_seq, 99, salt, 'x' \
           FROM fact_texts WHERE text = 'Bring water.'",
        ],
        &["text 99: the fact knows none"],
    ),
    (
        "an attachment was exchanged",
        &["UPDATE attachments SET content = 'cd', name = 'ice.png'"],
        &[
            "content: the journal says",
            "name: the journal says “fire.png”, but there stands “ice.png”",
        ],
    ),
    (
        "an attachment was removed",
        &["DELETE FROM attachments"],
        &["INC-1: attachment"],
    ),
    (
        "a watcher was removed",
        &["DELETE FROM watchers"],
        &["INC-1: watcher"],
    ),
    (
        "a watcher was added",
        &[
            "INSERT INTO watchers (record_id, person_id, at) SELECT {INC-2}, person_id, at FROM watchers",
        ],
        &["INC-2: watcher", "the journal has none"],
    ),
    (
        "somebody is no longer affected",
        &["DELETE FROM involved WHERE role = 'affected'"],
        &["INC-3: affected", "but it is gone"],
    ),
    (
        "somebody was slipped among the affected",
        &[
            "INSERT INTO involved (record_id, person_id, role, at) SELECT {INC-2}, person_id, role, at \
           FROM involved WHERE role = 'affected'",
        ],
        &["INC-2: affected", "the journal has none"],
    ),
    (
        "a caller became affected, at another time",
        &[
            "DELETE FROM involved WHERE role = 'affected'",
            "UPDATE involved SET role = 'affected' WHERE role = 'caller'",
        ],
        &["INC-3 affected", ": at: the journal says", "INC-3: caller"],
    ),
    (
        "contacts were counted away",
        &[
            "UPDATE contact_counts SET contacts = 0, chased = 7, affected = 9 WHERE record_id = {INC-3}",
        ],
        &[
            "INC-3: contacts: the journal says 1, but there stands nothing",
            "INC-3: chased: the journal says",
            "INC-3: affected_count: the journal says 1, but there stands 9",
        ],
    ),
    (
        "counts were removed",
        &["DELETE FROM contact_counts"],
        &["INC-3: contacts: the journal says 1, but there stands nothing"],
    ),
    (
        "a contact was made public and no chaser",
        &["UPDATE entries SET audience = 'public', chaser = NOT chaser WHERE audience = 'contact'"],
        &[
            "audience: the journal says contact, but there stands public",
            "chaser: the journal says a chaser, but there stands no chaser",
        ],
    ),
    (
        "a contact is said to be of somebody else",
        &["UPDATE entries SET author_id = NULL WHERE audience = 'contact'"],
        &[
            "INC-3 entry",
            ": by: the journal says",
            "but there stands nobody",
        ],
    ),
    (
        "a link was turned round",
        &["UPDATE links SET from_id = to_id, to_id = from_id WHERE link_type = 'caused_by'"],
        &[
            "INC-1 link",
            "PRB-1 link",
            "outward: the journal says true, but there stands false",
        ],
    ),
    (
        "a link means something else",
        &["UPDATE links SET link_type = 'related' WHERE link_type = 'caused_by'"],
        &["type: the journal says caused_by, but there stands related"],
    ),
    (
        "a link was removed",
        &["DELETE FROM links WHERE link_type = 'caused_by'"],
        &["INC-1: link", "PRB-1: link"],
    ),
    (
        "a hold was edited",
        &["UPDATE holds SET reason = 'other', supplier = 'Ice & Co.' WHERE supplier_case = 'F-1'"],
        &[
            "reason: the journal says “Supplier” (supplier), but there stands other",
            "supplier: the",
        ],
    ),
    (
        "a hold was begun again",
        &["UPDATE holds SET ended_at = NULL WHERE supplier_case = 'F-1'"],
        &[
            "INC-1 hold since",
            "ended: the journal says",
            "but there stands nothing",
        ],
    ),
    (
        "a hold was removed",
        &["DELETE FROM holds WHERE supplier_case = 'F-1'"],
        &["INC-1: hold since"],
    ),
    (
        "a resolution was edited",
        &["UPDATE resolutions SET code = 'advice', text = 'x' WHERE record_id = {INC-2}"],
        &[
            "INC-2 resolution of",
            "code: the journal says",
            "text: the journal says “Extinguished.”",
        ],
    ),
    (
        "somebody else is said to have done it",
        &[
            "UPDATE resolutions SET by_id = NULL, code_label = 'Gone' WHERE record_id = {INC-2}",
            "UPDATE entries SET author_id = NULL WHERE body = 'Bring water.'",
        ],
        &[
            "INC-2 resolution of",
            ": by: the journal says",
            "label: the journal says “Fixed”, but there stands “Gone”",
            "INC-1 entry",
        ],
    ),
    (
        "a former resolution was made the present one",
        &["UPDATE resolutions SET superseded_at = NULL"],
        &["INC-1 resolution of", "superseded: the journal says"],
    ),
    // Tasks.
    (
        "a task was edited",
        &[
            "UPDATE tasks SET title = 'Order nothing', blocking = NOT blocking WHERE state = 'open'",
            "UPDATE tasks SET reason = '', due_at = created_at WHERE state = 'skipped'",
        ],
        &[
            "INC-1 task",
            "title: the journal says “Order two printers”, but there stands “Order nothing”",
            "blocking: the journal says false, but there stands true",
            "reason: the journal says “Nothing is left of it”, but there stands nothing",
            "due: the journal says",
        ],
    ),
    (
        "a task was ended and one taken up again",
        &[
            "UPDATE tasks SET state = 'done' WHERE state = 'open'",
            "UPDATE tasks SET state = 'open', ended_at = NULL WHERE state = 'cancelled'",
        ],
        &[
            "state: the journal says open, but there stands done",
            "it is open and has ended, or neither",
            "CHG-1 task",
            "state: the journal says cancelled, but there stands open",
        ],
    ),
    (
        "a task was given to somebody else",
        &[
            "UPDATE tasks SET assignee_id = NULL WHERE state = 'done'",
            "UPDATE tasks SET assignee_id = (SELECT id FROM people WHERE name = 'Ada Agent') WHERE state = 'cancelled'",
        ],
        &[
            "who: the journal says “Ada Agent”",
            "it is given to a team and to a person",
        ],
    ),
    (
        "tasks were put in another order",
        &["UPDATE tasks SET place = 4 - place WHERE record_id = {INC-1}"],
        &["place: the journal says 1, but there stands 3"],
    ),
    (
        "a task was removed",
        &["DELETE FROM tasks WHERE state = 'done'"],
        &["INC-1: task", "the journal has it, but it is gone"],
    ),
    (
        "a task was moved to another record",
        &["UPDATE tasks SET record_id = {INC-2} WHERE state = 'open'"],
        &[
            "INC-2: task",
            "it stands there, but the journal has none",
            "INC-1: task",
        ],
    ),
    (
        "an attachment's row was edited",
        &[
            "UPDATE attachments SET size = 4, media_type = 'text/html', entry_id = NULL, by_id = NULL",
        ],
        &[
            "size: the journal says 3, but there stands 4",
            "type: the journal says image/png, but there stands text/html",
            "entry: the journal says",
            ": by: the journal says",
        ],
    ),
    // What is administered.
    (
        "settings were edited",
        &[
            "UPDATE settings SET value = '99' WHERE name = 'close_after_days'",
            "UPDATE settings SET value = 'Asia/Tokyo' WHERE name = 'default_zone'",
            "DELETE FROM settings WHERE name IN ('default_impact', 'default_urgency')",
            "INSERT INTO settings (name, value) VALUES ('default_impact', '1'), ('default_urgency', '2')",
        ],
        &[
            "setting general: default_impact: the journal says nothing, but there stands 1",
            "setting general: default_urgency: the journal says nothing, but there stands 2",
            "setting general: close_after_days: the journal says 7, but there stands 99",
            "setting general: zone: the journal says UTC, but there stands Asia/Tokyo",
        ],
    ),
    (
        "the desk's team was taken away",
        &["DELETE FROM settings WHERE name = 'desk_team'"],
        &["setting desk_team: desk_team: the journal says “Service desk”"],
    ),
    (
        "a hold behaves in another way",
        &["UPDATE codes SET behaviour = 'other' WHERE list = 'hold' AND code = 'requester'"],
        &["hold code requester: behaviour: the journal says requester, but there stands other"],
    ),
    (
        "codes were edited",
        &[
            "UPDATE codes SET label = 'Broken', disabled_at = (SELECT created_at FROM records \
           WHERE id = {INC-1}) WHERE code = 'supplier_fixed'",
            "UPDATE codes SET label = 'Advice or training given' WHERE code = 'advice'",
            "UPDATE codes SET position = 9 WHERE code = 'workaround'",
            "UPDATE codes SET behaviour = 'requester' WHERE label = 'Budget'",
        ],
        &[
            "resolution code supplier_fixed: label: the journal says “Fixed by the supplier”",
            "resolution code supplier_fixed: disabled: the journal says false",
            "resolution code advice: label: the journal says “Advice”",
            "resolution code workaround: position: the journal says 1, but there stands 9",
            "hold code budget: behaviour: the journal says other",
        ],
    ),
    (
        "codes were removed and one slipped in",
        &[
            "DELETE FROM codes WHERE code IN ('duplicate', 'budget')",
            "INSERT INTO codes (list, code, label, behaviour, position) \
           VALUES ('resolution', 'magic', 'Magic', '', 8)",
        ],
        &[
            "cancellation code duplicate: it was there from the beginning, but it is gone",
            "hold code budget: the journal has 1 facts of it, but it is gone",
            "resolution code magic: it has no facts in the journal",
        ],
    ),
    (
        "a code was moved to another list",
        &["UPDATE codes SET list = 'nowhere' WHERE code = 'withdrawn'"],
        &[
            "cancellation code withdrawn: it was there from the beginning",
            "nowhere code withdrawn: it has no facts",
        ],
    ),
    (
        "levels were renamed, removed and added",
        &[
            "UPDATE levels SET name = 'Low', hint = 'x' WHERE scale = 'urgency' AND level = 1",
            "UPDATE levels SET name = 'Fine' WHERE scale = 'priority' AND level = 4",
            "DELETE FROM levels WHERE scale = 'impact' AND level = 4",
            "INSERT INTO levels (scale, level, name, hint) VALUES ('priority', 5, 'Never', '')",
        ],
        &[
            "setting urgency: name-1: the journal says “Highest”, but there stands “Low”",
            "setting urgency: hint-1: the journal says “cannot work”, but there stands “x”",
            "setting priority: name-4: the journal says “Low”, but there stands “Fine”",
            "setting impact: name-4: the journal says “Trifle”, but there stands nothing",
            "setting priority: name-5: the journal says nothing, but there stands “Never”",
        ],
    ),
    (
        "the matrix was edited",
        &[
            "UPDATE priority_matrix SET priority = 1 WHERE (impact = 1 OR impact = 4) AND urgency = 1",
            "UPDATE priority_matrix SET priority = 1 WHERE impact = 3 AND urgency = 3",
            "DELETE FROM priority_matrix WHERE impact = 2 AND urgency = 2",
            "INSERT INTO priority_matrix (impact, urgency, priority) VALUES (1, 4, 1)",
        ],
        &[
            "setting priority_matrix: cell-1-1: the journal says 2, but there stands 1",
            "setting priority_matrix: cell-4-1: the journal says 3, but there stands 1",
            "setting priority_matrix: cell-3-3: the journal says 4, but there stands 1",
            "setting priority_matrix: cell-2-2: the journal says 3, but there stands nothing",
            "setting priority_matrix: cell-1-4: the journal says nothing, but there stands 1",
        ],
    ),
    (
        "somebody joined a team",
        &[
            "INSERT INTO team_members (person_id, team_id) SELECT people.id, teams.id \
           FROM people, teams WHERE people.name = 'Mo Member'",
        ],
        &["team Service desk: member", "the journal has none"],
    ),
    (
        "somebody was taken out of a team that lost its lead",
        &[
            "DELETE FROM team_members",
            "UPDATE teams SET lead_id = NULL",
        ],
        &[
            "team Service desk: member",
            "the journal has it, but it is gone",
            "team Service desk: lead: the journal says “Ada Agent”",
        ],
    ),
    (
        "a team was slipped in",
        &[
            "INSERT INTO teams (id, name, name_key, version) SELECT id, 'Shadows', 'shadows', 1 \
           FROM attachments",
        ],
        &["team Shadows: it has no facts in the journal"],
    ),
    // People.
    (
        "a requester was made an administrator",
        &["UPDATE people SET roles = 8 WHERE roles = 0"],
        &[
            "person Will Watcher: roles: the journal says nothing, but there stands administrator",
            "setting administrators:",
        ],
    ),
    (
        "an administrator was slipped in",
        &[
            "INSERT INTO people SELECT unused.other, 'Eve', mail, 'eve', phone, 'eve', language, zone, \
           theme, single_keys, 8, password_hash, disabled_at, created_at, version, \
           organisation_id, location_id, manager_id, vip, erased FROM people, \
           (SELECT id AS other FROM attachments) AS unused WHERE roles = 0",
        ],
        &["person Eve: it has no facts in the journal"],
    ),
    (
        "a person and a team were edited",
        &[
            "UPDATE people SET disabled_at = created_at, zone = 'UTC' WHERE roles = 1",
            "UPDATE teams SET name = 'Nobody'",
        ],
        &[
            "person Ada Agent: disabled: the journal says nothing, but there stands true",
            "person Ada Agent: zone: the journal says Europe/Lisbon",
            "team Nobody: name: the journal says “Service desk”",
        ],
    ),
    // Where people belong, and the estate.
    (
        "somebody was moved, and made somebody else's",
        &[
            "UPDATE people SET organisation_id = NULL, location_id = NULL, vip = NOT vip \
             WHERE roles = 0",
            "UPDATE people SET manager_id = NULL WHERE roles = 1",
        ],
        &[
            "person Will Watcher: organisation: the journal says “Stokers”",
            "person Will Watcher: location: the journal says “Boiler room”",
            "person Will Watcher: vip: the journal says true",
            "person Ada Agent: manager: the journal says “Will Watcher”",
        ],
    ),
    (
        "organisations, locations and suppliers were edited",
        &[
            "UPDATE organisations SET name = 'Bakers'",
            "UPDATE locations SET address = 'Attic'",
            "UPDATE suppliers SET phone = '555 0199'",
        ],
        &[
            "organisation Bakers: name: the journal says “Stokers”",
            "location Boiler room: address: the journal says “Cellar”",
            "supplier Ember: phone: the journal says “555 0100”",
        ],
    ),
    (
        "a location was slipped in",
        &[
            "INSERT INTO locations SELECT unused.other, 'Vault', 'vault', address, disabled_at, \
             version FROM locations, (SELECT id AS other FROM attachments) AS unused",
        ],
        &["location Vault: it has no facts in the journal"],
    ),
    (
        "an item was edited",
        &["UPDATE items SET class = 'Stove', environment = 'test' WHERE name = 'PRESS-1'"],
        &[
            "item PRESS-1: class: the journal says “Printer”, but there stands “Stove”",
            "item PRESS-1: environment: the journal says production, but there stands test",
        ],
    ),
    (
        "an edge was turned round",
        &["UPDATE item_edges SET item_id = needs_id, needs_id = item_id"],
        &[
            "item HEATER-1: depends on",
            "item PRESS-1: depends on",
            "the journal has none",
            "but it is gone",
        ],
    ),
    (
        "an edge was removed",
        &["DELETE FROM item_edges"],
        &["item PRESS-1: depends on"],
    ),
    (
        "a record was moved to no item and nowhere",
        &["UPDATE records SET item_id = NULL, location_id = NULL WHERE id = {INC-3}"],
        &[
            "INC-3: item: the journal says “PRESS-1”",
            "INC-3: location: the journal says “Boiler room”",
        ],
    ),
    (
        "a hold lost its supplier",
        &["UPDATE holds SET supplier_id = NULL WHERE supplier_case = 'E-7'"],
        &["INC-3 hold since", "supplier: the journal says “Ember”"],
    ),
    (
        "a hold's supplier was renamed",
        &["UPDATE holds SET supplier = 'Amber' WHERE supplier_case = 'E-7'"],
        &["supplier: the journal says “Ember”, but there stands “Amber”"],
    ),
    // The whole.
    (
        "a tally was edited",
        &["UPDATE record_tallies SET n = n + 1 WHERE kind = 'problem' AND n = 1"],
        &[
            "tally: problem, open",
            "1 records stand there, but it counts 2",
        ],
    ),
    (
        "tallies were removed",
        &["DELETE FROM record_tallies"],
        &["tally: incident", "it counts 0"],
    ),
    (
        "a checkpoint was edited",
        &["UPDATE checkpoints SET chains = 9, last_seq = last_seq - 1 WHERE number = 1"],
        &["checkpoint 1: the heads of the chains"],
    ),
    (
        "a checkpoint was removed",
        &["DELETE FROM checkpoints WHERE number = 1"],
        &["checkpoint 1: missing"],
    ),
    (
        "a checkpoint was exchanged",
        &["UPDATE checkpoints SET hash = previous WHERE number = 1"],
        &[
            "checkpoint 1: the heads",
            "checkpoint 2: it does not follow",
        ],
    ),
];

/// Each way alone, on the same filled database, which stays as it was.
pub fn every_way(store: &Store) {
    for (what, statements, expected) in WAYS {
        with(store, statements, |summary, lines| {
            assert!(!summary.whole(), "{what}: nothing was found");
            for part in *expected {
                assert!(
                    lines.iter().any(|line| line.contains(part)),
                    "{what}: nothing says {part:?}: {lines:#?}"
                );
            }
        });
    }
    assert_eq!(super::found_by(store), Vec::<String>::new());
}

/// Tampers in a transaction that is taken back, and looks from inside it.
pub fn with(store: &Store, statements: &[&str], then: impl FnOnce(&Summary, &[String])) {
    let mut conn = super::raw(store);
    for statement in statements {
        let changed = diesel::sql_query(with_ids(statement))
            .execute(&mut conn)
            .unwrap_or_else(|e| panic!("{statement}: {e}"));
        let may_be_none = statement.starts_with("DELETE");
        assert!(changed > 0 || may_be_none, "{statement} changed nothing");
    }
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    let summary = verify::look(&mut conn, &[], &mut line).unwrap();
    then(&summary, &lines);
    conn.batch_execute("ROLLBACK").unwrap();
}

fn with_ids(statement: &str) -> String {
    let mut sql = statement.to_owned();
    for (prefix, kind) in [("INC", "incident"), ("PRB", "problem"), ("CHG", "change")] {
        for n in 1..=6 {
            let id = format!("(SELECT id FROM records WHERE kind = '{kind}' AND number = {n})");
            sql = sql.replace(&format!("{{{prefix}-{n}}}"), &id);
        }
    }
    sql
}
