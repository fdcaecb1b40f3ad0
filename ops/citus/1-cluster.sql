-- Makes a Citus cluster of servers that have Citus already (shared_preload_libraries = 'citus', wal_level = logical; ops/roles.sql was run
-- and the extension created in the same database of each). On the coordinator, as a superuser, once for each worker:
--
--   psql --set ON_ERROR_STOP=1 --set coordinator=db0 --set worker=db1 --dbname finalaccounts --file ops/citus/1-cluster.sql
--
-- How the nodes sign in to each other (pg_hba.conf, ~/.pgpass of the server's account) is up to you.
create extension if not exists citus;

-- Workers reach the coordinator by this name: it is not "localhost" to them.
select citus_set_coordinator_host(:'coordinator', 5432);
select citus_add_node(:'worker', 5432);

select nodename, nodeport, isactive, shouldhaveshards from pg_dist_node order by nodeid;
