-- Takes problems' own tables away; the journal keeps what was said of them.
DROP TABLE known_error_offers;
DROP TABLE known_error_words;
DROP TABLE known_error_versions;
DROP TABLE known_errors;
DROP TABLE factors;
DROP TABLE problems;
DELETE FROM codes WHERE list = 'factor' OR (list = 'resolution' AND code = 'risk_accepted');
