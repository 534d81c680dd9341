import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor, CurrentPrincipal } from '@app/platform/auth/current-actor.decorator.js';
import type { UserPrincipal } from '@app/platform/auth/principal.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import {
  ColleagueDto,
  CreatedTokenDto,
  CreateTokenDto,
  ListTokensQuery,
  MeDto,
  TokenDto,
  UpdateMeDto,
} from './account.dto.js';
import { TokensService } from './tokens.service.js';
import { UsersService } from './users.service.js';

@ApiTags('Account')
@Access('user', 'account', { role: 'staff' })
@Controller()
export class AccountController {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: TokensService,
  ) {}

  @Get('me')
  @Endpoint({ summary: 'Who am I', returns: MeDto })
  async me(@CurrentPrincipal() { actor, scopes }: UserPrincipal) {
    return MeDto.from(await this.users.profile(actor), scopes);
  }

  @Patch('me')
  @Endpoint({ summary: 'Give oneself another name', returns: MeDto })
  async update(@CurrentPrincipal() { actor, scopes }: UserPrincipal, @Body() { name }: UpdateMeDto) {
    return MeDto.from(await this.users.rename(actor, name), scopes);
  }

  @Get('account/users')
  @Access('user', 'account', { role: 'owner' })
  @Endpoint({ summary: 'List the users of the tenant', returns: ColleagueDto, list: true })
  async listUsers(@CurrentActor() actor: Actor, @Query() query: PageQuery) {
    return mapPage(await this.users.list({ ...query, tenantId: actor.tenantId }), ColleagueDto.from);
  }

  @Get('tokens')
  @Endpoint({ summary: 'List own API tokens', returns: TokenDto, list: true })
  async listTokens(@CurrentActor() actor: Actor, @Query() query: ListTokensQuery) {
    return mapPage(await this.tokens.list(actor, query), TokenDto.from);
  }

  @Post('tokens')
  @Endpoint({
    summary: 'Create an API token',
    description: 'The token is in the answer and is never shown again.',
    returns: CreatedTokenDto,
    status: 201,
    fails: ['invalid:token.expiry-passed', 'forbidden:token.scope-exceeded', 'forbidden:token.expiry-exceeded'],
  })
  async createToken(@CurrentPrincipal() principal: UserPrincipal, @Body() input: CreateTokenDto) {
    const { row, token } = await this.tokens.create(principal, input);
    return { ...TokenDto.from(row), token };
  }

  @Delete('tokens/:id')
  @Endpoint({
    summary: 'Revoke an API token',
    returns: null,
    fails: ['token.not-found', 'forbidden:token.scope-exceeded'],
  })
  async revokeToken(@CurrentPrincipal() principal: UserPrincipal, @Param('id') id: string) {
    await this.tokens.revoke(principal, id);
  }
}
