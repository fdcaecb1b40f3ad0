-- Moves a region to another node while it is in use. On the coordinator, as a superuser:
--
--   psql --set ON_ERROR_STOP=1 --set region=430900 --set node=db2 --dbname finalaccounts --file ops/citus/3-move.sql
--
-- force_logical copies by logical replication (wal_level = logical, a primary key on every table) and holds up writers only while it
-- switches over; 'auto' would do the same today, and would lock them out for the whole copy if a table had no primary key. Not inside a
-- transaction. Programs go on: an append that was under way fails or gets no answer, and its command id says whether it is stored.
select citus_schema_move(('region_' || :'region')::regnamespace, :'node', 5432, 'force_logical');

select nodename, nodeport, pg_size_pretty(sum(shard_size)) as size
  from citus_shards where table_name::text like 'region\_' || :'region' || '.%' group by nodename, nodeport;

-- What the move has left behind goes by itself (citus.defer_shard_delete_interval); this does it now.
call citus_cleanup_orphaned_resources();
