-- The live rows with the channel and the region that they mean. A workspace's own rule for channels comes before the
-- channel that the file itself names, a default rule after it; a region is its ISO code where it is certain.
create or replace view named_{table} as
select t.* replace ({values})
from {rows} t{joins};
