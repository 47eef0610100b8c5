-- From then on a key opens nothing; absent, it is good until it is revoked.
alter table api_key add column expires_at timestamptz check (expires_at > created_at);
