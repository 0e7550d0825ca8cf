-- Takes problems' own tables away; the journal keeps what was said of them. The codes stay: they may be
-- used, and whatever asks for another list does not see them.
DROP TABLE known_error_offers;
DROP TABLE known_error_words;
DROP TABLE known_error_versions;
DROP TABLE known_errors;
DROP TABLE factors;
DROP TABLE problems;
