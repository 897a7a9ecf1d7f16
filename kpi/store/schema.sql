-- The workspace's own tables. The canonical rows stand in the schema `rows` (made from the catalogue), what is derived
-- from them in `facts` (made anew after every import, undo and setting that changes numbers).

create schema if not exists rows;
create schema if not exists facts;
create sequence if not exists import_ids;
create sequence if not exists series_ids;

create table if not exists imports (
    import_id integer primary key default nextval('import_ids'),
    name varchar not null,
    sha256 varchar not null,
    answers json not null,
    load json not null,
    imported_at timestamptz not null,
    imported_by varchar not null,
    undone_at timestamptz
);
create table if not exists refused (
    import_id integer not null, part integer not null, row_no bigint not null, reason json not null, cells json not null
);
-- A report's series: rows with the same breakdown and the same metrics. Series of one account are alternatives.
create table if not exists series (
    series_id integer primary key default nextval('series_ids'),
    table_id varchar not null, account varchar not null, breakdown varchar[] not null, metrics varchar[] not null
);
-- The days that the rows of one part of a file answer for: of day rows the declared period, of others their own spans.
create table if not exists report_periods (
    import_id integer not null, part_no integer not null, series_id integer not null,
    period_start date not null, period_end date not null, is_daily boolean not null
);
-- Reports of one part of an account, and the older ones of another part whose place they never take.
create table if not exists beside (
    table_id varchar not null, import_id integer not null, part_no integer not null,
    older_id integer not null, older_part integer not null
);
-- Tables and SELECTs of other databases, to be read again; no secret, for a connection is remembered by its name alone.
create sequence if not exists source_ids;
create table if not exists sources (
    source_id integer primary key default nextval('source_ids'), connection varchar not null, origin json not null,
    answers json not null, watermark varchar, is_forgotten boolean not null
);
-- What each import of a source brought: everything, or the rows from `since` on; `highest`: of the watermark's column.
create table if not exists source_imports (
    source_id integer not null, import_id integer not null, watermark varchar, since varchar, highest varchar
);
-- Verdicts of experiments that somebody wanted to keep, with the fingerprint of what they rest on.
create sequence if not exists experiment_result_ids;
create table if not exists experiment_results (
    result_id integer primary key default nextval('experiment_result_ids'), title varchar not null,
    saved_at timestamptz not null, saved_by varchar not null, as_of date not null, design json not null,
    found json not null, fingerprint varchar not null
);
create table if not exists remembered (header varchar primary key, answers json not null);
create table if not exists settings (name varchar primary key, value json not null);
create table if not exists erased (customer_key varchar primary key);
create table if not exists audit (
    happened_at timestamptz not null, who varchar not null, what varchar not null, detail json not null
);
-- What channels and regions are looked up in, made anew with the facts (kpi/store/named.py).
create table if not exists channel_map (
    source varchar, medium varchar, campaign varchar,
    own_rule integer, default_rule integer, own_channel varchar, default_channel varchar
);
create table if not exists region_words (written varchar, country varchar, code varchar);
create table if not exists facts.spans (table_id varchar, series_id integer, first_on date, last_on date, is_daily boolean);
create table if not exists facts.filled (table_id varchar, series_id integer, column_name varchar, row_count bigint, filled bigint);
create table if not exists facts.currencies (table_id varchar, series_id integer, currency varchar);
