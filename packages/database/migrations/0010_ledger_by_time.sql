-- Readers ask for the files of a stream around a time, and live streams have many small ones.

CREATE INDEX file_by_time ON ledger.file (stream, first_open_at);
