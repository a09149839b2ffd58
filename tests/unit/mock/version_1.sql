-- A database as release 0.1.0.dev0 leaves it, with schema version 1: the seed `docs`, a save, and what a sandbox had.
BEGIN TRANSACTION;
CREATE TABLE collection_tracks (
	sandbox INTEGER NOT NULL, 
	collection_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	track_id VARCHAR NOT NULL, 
	PRIMARY KEY (sandbox, collection_id, position), 
	FOREIGN KEY(sandbox, collection_id) REFERENCES collections (sandbox, id), 
	FOREIGN KEY(sandbox, track_id) REFERENCES tracks (sandbox, id)
);
INSERT INTO "collection_tracks" VALUES(0,'mcoll_5e8a1d3f9c27',0,'mtrack_b4d9e1c6a72f');
INSERT INTO "collection_tracks" VALUES(0,'mcoll_5e8a1d3f9c27',1,'mtrack_0c5d7e9f1a2b');
INSERT INTO "collection_tracks" VALUES(0,'mcoll_5e8a1d3f9c27',2,'mtrack_d0e1f2a3b4c5');
INSERT INTO "collection_tracks" VALUES(0,'mcoll_5e8a1d3f9c27',3,'mtrack_2f8e6d4c1b3a');
INSERT INTO "collection_tracks" VALUES(0,'mcoll_5e8a1d3f9c27',4,'mtrack_7a1c9e3b5d2f');
INSERT INTO "collection_tracks" VALUES(0,'mcoll_9c7e5a3b1d0f',0,'mtrack_2f8e6d4c1b3a');
INSERT INTO "collection_tracks" VALUES(0,'mcoll_3d5f7b9a1c2e',0,'mtrack_6b4a2c8e0d1f');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_5e8a1d3f9c27',0,'mtrack_b4d9e1c6a72f');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_5e8a1d3f9c27',1,'mtrack_0c5d7e9f1a2b');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_5e8a1d3f9c27',2,'mtrack_d0e1f2a3b4c5');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_5e8a1d3f9c27',3,'mtrack_2f8e6d4c1b3a');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_5e8a1d3f9c27',4,'mtrack_7a1c9e3b5d2f');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_9c7e5a3b1d0f',0,'mtrack_2f8e6d4c1b3a');
INSERT INTO "collection_tracks" VALUES(7,'mcoll_3d5f7b9a1c2e',0,'mtrack_6b4a2c8e0d1f');
CREATE TABLE collections (
	sandbox INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	organization_id VARCHAR NOT NULL, 
	owner_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	description VARCHAR, 
	removed BOOLEAN NOT NULL, 
	PRIMARY KEY (sandbox, id), 
	FOREIGN KEY(sandbox, organization_id) REFERENCES organizations (sandbox, id), 
	FOREIGN KEY(sandbox, owner_id) REFERENCES users (sandbox, id)
);
INSERT INTO "collections" VALUES(0,'mcoll_5e8a1d3f9c27','org_abc123','user_owner','Quiet Hours','Slow pieces for reading and for rain.',0);
INSERT INTO "collections" VALUES(0,'mcoll_4b2d6f8a0c1e','org_abc123','user_owner','Yet to Come',NULL,0);
INSERT INTO "collections" VALUES(0,'mcoll_9c7e5a3b1d0f','org_abc123','user_owner','Last Season','No longer offered.',1);
INSERT INTO "collections" VALUES(0,'mcoll_3d5f7b9a1c2e','org_abc123','user_member','Commuting','Between home and the studio.',0);
INSERT INTO "collections" VALUES(7,'mcoll_5e8a1d3f9c27','org_abc123','user_owner','Quiet Hours','Slow pieces for reading and for rain.',0);
INSERT INTO "collections" VALUES(7,'mcoll_4b2d6f8a0c1e','org_abc123','user_owner','Yet to Come',NULL,0);
INSERT INTO "collections" VALUES(7,'mcoll_9c7e5a3b1d0f','org_abc123','user_owner','Last Season','No longer offered.',1);
INSERT INTO "collections" VALUES(7,'mcoll_3d5f7b9a1c2e','org_abc123','user_member','Commuting','Between home and the studio.',0);
CREATE TABLE keys (
	sandbox INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	user_id VARCHAR NOT NULL, 
	PRIMARY KEY (sandbox, digest), 
	FOREIGN KEY(sandbox, user_id) REFERENCES users (sandbox, id)
);
INSERT INTO "keys" VALUES(0,X'A2AE6A9EE724B61D83D3CB2EC4A4BFC5D72624008508511935F85A4227A92DB6','user_owner');
INSERT INTO "keys" VALUES(0,X'36D52564F3AE1B6C16D171DB3DC23E308BE792718D05CFC98D1E4827385E5641','user_member');
INSERT INTO "keys" VALUES(0,X'AD0880823D2CA3B42948273B9E2D5425F3D34F8686607E073EBC0A35F5BACB84','user_outsider');
INSERT INTO "keys" VALUES(0,X'FAAE1162087BBBB6D21A9777D1C66D1A486295B217C8F213BB4E9F5FF6C9C1D8','user_recipient');
INSERT INTO "keys" VALUES(7,X'A2AE6A9EE724B61D83D3CB2EC4A4BFC5D72624008508511935F85A4227A92DB6','user_owner');
INSERT INTO "keys" VALUES(7,X'36D52564F3AE1B6C16D171DB3DC23E308BE792718D05CFC98D1E4827385E5641','user_member');
INSERT INTO "keys" VALUES(7,X'AD0880823D2CA3B42948273B9E2D5425F3D34F8686607E073EBC0A35F5BACB84','user_outsider');
INSERT INTO "keys" VALUES(7,X'FAAE1162087BBBB6D21A9777D1C66D1A486295B217C8F213BB4E9F5FF6C9C1D8','user_recipient');
CREATE TABLE library (
	sandbox INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	track_id VARCHAR NOT NULL, 
	share_link_id VARCHAR, 
	created_at INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	PRIMARY KEY (sandbox, id), 
	UNIQUE (sandbox, user_id, track_id), 
	FOREIGN KEY(sandbox, user_id) REFERENCES users (sandbox, id), 
	FOREIGN KEY(sandbox, track_id) REFERENCES tracks (sandbox, id), 
	FOREIGN KEY(sandbox, share_link_id) REFERENCES share_links (sandbox, id)
);
INSERT INTO "library" VALUES(0,'mlib_000000000001','user_recipient','mtrack_b4d9e1c6a72f','mslink_3a7f2c9e8b14',1782642600,'shared');
CREATE TABLE members (
	sandbox INTEGER NOT NULL, 
	organization_id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	PRIMARY KEY (sandbox, organization_id, user_id), 
	FOREIGN KEY(sandbox, organization_id) REFERENCES organizations (sandbox, id), 
	FOREIGN KEY(sandbox, user_id) REFERENCES users (sandbox, id)
);
INSERT INTO "members" VALUES(0,'org_abc123','user_member');
INSERT INTO "members" VALUES(0,'org_abc123','user_owner');
INSERT INTO "members" VALUES(0,'org_xyz789','user_outsider');
INSERT INTO "members" VALUES(7,'org_abc123','user_member');
INSERT INTO "members" VALUES(7,'org_abc123','user_owner');
INSERT INTO "members" VALUES(7,'org_xyz789','user_outsider');
CREATE TABLE meta (
	schema_version INTEGER NOT NULL
);
INSERT INTO "meta" VALUES(1);
CREATE TABLE organizations (
	sandbox INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	PRIMARY KEY (sandbox, id)
);
INSERT INTO "organizations" VALUES(0,'org_abc123');
INSERT INTO "organizations" VALUES(0,'org_xyz789');
INSERT INTO "organizations" VALUES(7,'org_abc123');
INSERT INTO "organizations" VALUES(7,'org_xyz789');
CREATE TABLE share_links (
	sandbox INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	token_digest BLOB NOT NULL, 
	target_type VARCHAR NOT NULL, 
	target_id VARCHAR NOT NULL, 
	visibility VARCHAR NOT NULL, 
	created_at INTEGER NOT NULL, 
	expires_at INTEGER, 
	revoked BOOLEAN NOT NULL, 
	open_limit INTEGER, 
	opens INTEGER NOT NULL, 
	PRIMARY KEY (sandbox, id), 
	UNIQUE (sandbox, token_digest)
);
INSERT INTO "share_links" VALUES(0,'mslink_3a7f2c9e8b14',X'EEA707460B9C5EDBEE082D4696ABCDF12E2915FEE12BBF419A02A6BD5D9D4A1E','track','mtrack_b4d9e1c6a72f','link_only',1782642600,1785234600,0,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_8c4e2a9f1b73',X'0BF8C76239C80B831964AF320D6D3973990CCD879BDCDA4A6EA5A7CD4CDF7D8E','collection','mcoll_5e8a1d3f9c27','public',1782642600,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_111111111111',X'D1E64B22D3DAB98D7D5C2CB64D0ADDFDA0CBAD7282BE3DEF73777D0E39C8F8C0','track','mtrack_b4d9e1c6a72f','link_only',1782469800,1785061800,1,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_222222222222',X'F82847AD294F34FF9C92B8BD370FFED681FBDF9060094C8938E09F2DC0BC91E9','track','mtrack_b4d9e1c6a72f','link_only',1782552600,1782639000,0,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_333333333333',X'E29210B5060059C2324C12EAFF722ABAD5BA332304D62742F6CD6DBC1C290930','track','mtrack_d0e1f2a3b4c5','link_only',1782469800,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_444444444444',X'DB15C78281D504955D0D629E9DD206CB693B6B042764050E2AD8596C1770CBF0','collection','mcoll_9c7e5a3b1d0f','link_only',1782469800,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_555555555555',X'06EB9D5A9721F8F84672882E180D4B10C02C9644C61C77F20494A1F2BE62AB3E','track','mtrack_d0e1f2a3b4c5','link_only',1782469800,NULL,1,NULL,0);
INSERT INTO "share_links" VALUES(0,'mslink_666666666666',X'FD2328889878423EB7E269F734A17C128AC8F3F4496279FDFFFE982981919BD3','track','mtrack_b4d9e1c6a72f','link_only',1782469800,NULL,0,5,5);
INSERT INTO "share_links" VALUES(0,'mslink_777777777777',X'BC298E7C0F8A727006D459BCC78595AAC77553949719B70DCA50AD5ADE878A3D','track','mtrack_b4d9e1c6a72f','link_only',1782469800,NULL,0,3,0);
INSERT INTO "share_links" VALUES(0,'mslink_888888888888',X'97CCA8837F5DF14F47C58FBFC2C7CB5306A94DEC6CA8493E915A34D3586F4E80','collection','mcoll_4b2d6f8a0c1e','link_only',1782469800,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_3a7f2c9e8b14',X'EEA707460B9C5EDBEE082D4696ABCDF12E2915FEE12BBF419A02A6BD5D9D4A1E','track','mtrack_b4d9e1c6a72f','link_only',1782642600,1785234600,0,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_8c4e2a9f1b73',X'0BF8C76239C80B831964AF320D6D3973990CCD879BDCDA4A6EA5A7CD4CDF7D8E','collection','mcoll_5e8a1d3f9c27','public',1782642600,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_111111111111',X'D1E64B22D3DAB98D7D5C2CB64D0ADDFDA0CBAD7282BE3DEF73777D0E39C8F8C0','track','mtrack_b4d9e1c6a72f','link_only',1782469800,1785061800,1,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_222222222222',X'F82847AD294F34FF9C92B8BD370FFED681FBDF9060094C8938E09F2DC0BC91E9','track','mtrack_b4d9e1c6a72f','link_only',1782552600,1782639000,0,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_333333333333',X'E29210B5060059C2324C12EAFF722ABAD5BA332304D62742F6CD6DBC1C290930','track','mtrack_d0e1f2a3b4c5','link_only',1782469800,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_444444444444',X'DB15C78281D504955D0D629E9DD206CB693B6B042764050E2AD8596C1770CBF0','collection','mcoll_9c7e5a3b1d0f','link_only',1782469800,NULL,0,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_555555555555',X'06EB9D5A9721F8F84672882E180D4B10C02C9644C61C77F20494A1F2BE62AB3E','track','mtrack_d0e1f2a3b4c5','link_only',1782469800,NULL,1,NULL,0);
INSERT INTO "share_links" VALUES(7,'mslink_666666666666',X'FD2328889878423EB7E269F734A17C128AC8F3F4496279FDFFFE982981919BD3','track','mtrack_b4d9e1c6a72f','link_only',1782469800,NULL,0,5,5);
INSERT INTO "share_links" VALUES(7,'mslink_777777777777',X'BC298E7C0F8A727006D459BCC78595AAC77553949719B70DCA50AD5ADE878A3D','track','mtrack_b4d9e1c6a72f','link_only',1782469800,NULL,0,3,0);
INSERT INTO "share_links" VALUES(7,'mslink_888888888888',X'97CCA8837F5DF14F47C58FBFC2C7CB5306A94DEC6CA8493E915A34D3586F4E80','collection','mcoll_4b2d6f8a0c1e','link_only',1782469800,NULL,0,NULL,0);
CREATE TABLE tracks (
	sandbox INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	organization_id VARCHAR NOT NULL, 
	owner_id VARCHAR NOT NULL, 
	title VARCHAR, 
	engine VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	measured_duration_seconds FLOAT, 
	instrumental BOOLEAN NOT NULL, 
	licence_class VARCHAR NOT NULL, 
	licence_version VARCHAR NOT NULL, 
	requires_attribution BOOLEAN NOT NULL, 
	removed BOOLEAN NOT NULL, 
	PRIMARY KEY (sandbox, id), 
	FOREIGN KEY(sandbox, organization_id) REFERENCES organizations (sandbox, id), 
	FOREIGN KEY(sandbox, owner_id) REFERENCES users (sandbox, id)
);
INSERT INTO "tracks" VALUES(0,'mtrack_b4d9e1c6a72f','org_abc123','user_owner','Late Night Study','studio','creation',120.4,1,'personal_only','2026-01',0,0);
INSERT INTO "tracks" VALUES(0,'mtrack_0c5d7e9f1a2b','org_abc123','user_owner',NULL,'studio','focus',NULL,1,'commercial_cleared','2026-01',1,0);
INSERT INTO "tracks" VALUES(0,'mtrack_2f8e6d4c1b3a','org_abc123','user_owner','Rain on Slate','studio','creation',187.25,0,'commercial_enterprise','2026-01',0,0);
INSERT INTO "tracks" VALUES(0,'mtrack_7a1c9e3b5d2f','org_abc123','user_owner','Paper Lanterns','studio','focus',93.0,1,'unclear','2025-06',1,0);
INSERT INTO "tracks" VALUES(0,'mtrack_d0e1f2a3b4c5','org_abc123','user_owner','Withdrawn Waltz','studio','creation',64.5,1,'personal_only','2026-01',0,1);
INSERT INTO "tracks" VALUES(0,'mtrack_6b4a2c8e0d1f','org_abc123','user_member','Night Bus','studio','creation',201.75,0,'personal_only','2026-01',1,0);
INSERT INTO "tracks" VALUES(0,'mtrack_e9d8c7b6a5f4','org_xyz789','user_outsider','Far Shore','studio','focus',150.0,1,'commercial_cleared','2026-01',0,0);
INSERT INTO "tracks" VALUES(7,'mtrack_b4d9e1c6a72f','org_abc123','user_owner','Late Night Study','studio','creation',120.4,1,'personal_only','2026-01',0,0);
INSERT INTO "tracks" VALUES(7,'mtrack_0c5d7e9f1a2b','org_abc123','user_owner',NULL,'studio','focus',NULL,1,'commercial_cleared','2026-01',1,0);
INSERT INTO "tracks" VALUES(7,'mtrack_2f8e6d4c1b3a','org_abc123','user_owner','Rain on Slate','studio','creation',187.25,0,'commercial_enterprise','2026-01',0,0);
INSERT INTO "tracks" VALUES(7,'mtrack_7a1c9e3b5d2f','org_abc123','user_owner','Paper Lanterns','studio','focus',93.0,1,'unclear','2025-06',1,0);
INSERT INTO "tracks" VALUES(7,'mtrack_d0e1f2a3b4c5','org_abc123','user_owner','Withdrawn Waltz','studio','creation',64.5,1,'personal_only','2026-01',0,1);
INSERT INTO "tracks" VALUES(7,'mtrack_6b4a2c8e0d1f','org_abc123','user_member','Night Bus','studio','creation',201.75,0,'personal_only','2026-01',1,0);
INSERT INTO "tracks" VALUES(7,'mtrack_e9d8c7b6a5f4','org_xyz789','user_outsider','Far Shore','studio','focus',150.0,1,'commercial_cleared','2026-01',0,0);
CREATE TABLE users (
	sandbox INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	PRIMARY KEY (sandbox, id)
);
INSERT INTO "users" VALUES(0,'user_owner');
INSERT INTO "users" VALUES(0,'user_member');
INSERT INTO "users" VALUES(0,'user_outsider');
INSERT INTO "users" VALUES(0,'user_recipient');
INSERT INTO "users" VALUES(7,'user_owner');
INSERT INTO "users" VALUES(7,'user_member');
INSERT INTO "users" VALUES(7,'user_outsider');
INSERT INTO "users" VALUES(7,'user_recipient');
COMMIT;
