-- Takes post-mortems and action items away; the journal keeps what was said of them. The two
-- kinds stay, since their numbers are never used again, and so does a code that was offered.
DROP TABLE action_items;
DROP TABLE postmortem_rules;
DROP TABLE postmortem_editions;
DROP TABLE wording_dismissals;
DROP TABLE postmortem_instants;
DROP TABLE postmortem_annotation_versions;
DROP TABLE postmortem_annotations;
DROP TABLE postmortem_participants;
DROP TABLE postmortem_heads;
DROP TABLE postmortem_sections;
DROP TABLE postmortem_authors;
DROP TABLE postmortem_incidents;
DROP TABLE postmortems;
