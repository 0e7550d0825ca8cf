-- Takes changes' own tables away; the journal keeps what was said of them.
DROP TABLE change_remarks;
DROP TABLE change_parties;
DROP TABLE maintenance_windows;
DROP TABLE freeze_passes;
DROP TABLE freezes;
DROP TABLE change_items;
DROP TABLE change_services;
DROP TABLE changes;
DROP TABLE change_templates;
