-- Places a region on a node of the cluster as a whole, and lets its functions run there. On the coordinator, as finalaccounts_owner, after
-- `fa init` and again after each `fa init` that has migrated the region; running it again changes nothing.
--
--   psql --set ON_ERROR_STOP=1 --set region=430900 --dbname finalaccounts --file ops/citus/2-region.sql

-- Nothing happens when the region was made with citus.enable_schema_based_sharding on. Each table needs a primary key, and none may refer
-- to another schema; the migrations keep to that.
select citus_schema_distribute(('region_' || :'region')::regnamespace);

-- One call of one of these is one round trip to the node that has the region. In a transaction of several statements they run on the
-- coordinator instead, statement by statement, in one transaction on that node: slower, and as atomic. lock_head only occurs in such
-- transactions. open_year makes tables, which is the coordinator's business.
select format('select create_distributed_function(%L::regprocedure, colocate_with := %L)', p.oid::regprocedure, n.nspname || '.head')
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname = 'region_' || :'region' and p.proname in ('append_events', 'append_event', 'number_texts', 'store_document', 'fact_key_ids', 'project')
\gexec

-- Where it lies.
select nodename, nodeport, pg_size_pretty(sum(shard_size)) as size
  from citus_shards where table_name::text like 'region\_' || :'region' || '.%' group by nodename, nodeport;
